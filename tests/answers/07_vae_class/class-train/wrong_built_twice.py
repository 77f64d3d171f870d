# fails: test_compile_again
# says: builds the model again
@method_of(VariationalAutoencoder)
def compile(self, optimizer="adam", *args, **kwargs):
    self.build((None, self.n_pixels))
    keras.Model.compile(self, optimizer, *args, **kwargs)


@method_of(VariationalAutoencoder)
def train(self, x_train, x_test, epochs=5, batch_size=128):
    return self.fit(x_train, epochs=epochs, batch_size=batch_size, validation_data=(x_test, None), verbose=0)
