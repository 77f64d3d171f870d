@method_of(VariationalAutoencoder)
def compile(self, optimizer="adam", *args, **kwargs):
    super(VariationalAutoencoder, self).compile(optimizer, *args, **kwargs)
    if not hasattr(self, "encoder"):
        self.build(input_shape=(None, self.n_pixels))


@method_of(VariationalAutoencoder)
def train(self, x_train, x_test, epochs=5, batch_size=128):
    history = self.fit(x_train, None, batch_size, epochs, verbose=2, validation_data=(x_test,))
    return history
