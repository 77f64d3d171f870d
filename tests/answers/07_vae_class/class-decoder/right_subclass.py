class Decoder(keras.Model):
    def __init__(self, pixels, units):
        super().__init__()
        self.pixels = layers.Dense(pixels, activation="sigmoid")
        self.hidden = layers.Dense(units, activation="relu")

    def call(self, z):
        return self.pixels(self.hidden(z))


@method_of(VariationalAutoencoder)
def build_decoder(self):
    return Decoder(self.n_pixels, self.intermediate_dim)
