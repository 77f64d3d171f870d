# fails: test_compile_again
# says: call `self.build`
@method_of(VariationalAutoencoder)
def compile(self, optimizer="adam", *args, **kwargs):
    if not self.built:
        self.encoder = self.build_encoder()
        self.decoder = self.build_decoder()
    keras.Model.compile(self, optimizer, *args, **kwargs)
@method_of(VariationalAutoencoder)
def train(self, x_train, x_test, epochs=5, batch_size=128):
    return self.fit(x_train, epochs=epochs, batch_size=batch_size, validation_data=(x_test, None))
