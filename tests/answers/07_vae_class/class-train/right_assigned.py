def _compile(self, optimizer="adam", *others, **more):
    self.build((None, self.n_pixels)) if not self.built else None
    super(VariationalAutoencoder, self).compile(optimizer, *others, **more)


def _train(self, images, held_out, epochs: int = 5, batch_size: int = 128) -> keras.callbacks.History:
    options = dict(epochs=epochs, batch_size=batch_size, shuffle=True, verbose=0)
    return self.fit(x=images, validation_data=(held_out, None), **options)


VariationalAutoencoder.compile = _compile
VariationalAutoencoder.train = _train
