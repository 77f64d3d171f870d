# fails: test_held_out_loss_falls
# says: replaced the optimizer
# loses: 0.5
@method_of(VariationalAutoencoder)
def compile(self, optimizer="adam", *args, **kwargs):
    if not self.built:
        self.build((None, self.n_pixels))
    keras.Model.compile(self, optimizer, *args, **kwargs)


@method_of(VariationalAutoencoder)
def train(self, x_train, x_test, epochs=5, batch_size=128):
    self.compile()
    return self.fit(x_train, validation_data=(x_test, None), epochs=epochs, batch_size=batch_size, verbose=0)
