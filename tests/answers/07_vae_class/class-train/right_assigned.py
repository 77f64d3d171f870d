def _compile(self, optimizer="adam", **more):
    self.build((None, self.n_pixels)) if not self.built else None
    super(VariationalAutoencoder, self).compile(optimizer, **more)


def _train(self, pictures, held_out, epochs: int = 5, batch_size: int = 128) -> keras.callbacks.History:
    options = dict(epochs=epochs, batch_size=batch_size, shuffle=True, verbose=0)
    return self.fit(x=pictures, validation_data=(held_out, None), **options)


VariationalAutoencoder.compile = _compile
VariationalAutoencoder.train = _train
