# fails: test_compile_builds_and_compiles
# says: Adam
@method_of(VariationalAutoencoder)
def compile(self, optimizer="adam", *args, **kwargs):
    if not self.built:
        self.build((None, self.n_pixels))
    keras.Model.compile(self, **kwargs)


@method_of(VariationalAutoencoder)
def train(self, x_train, x_test, epochs=5, batch_size=128):
    return self.fit(x_train, epochs=epochs, batch_size=batch_size, validation_data=(x_test, None), verbose=0)
