class Encoder(keras.Model):
    def __init__(self, latent_dim):
        super().__init__()
        self.codes = layers.Dense(latent_dim)
        self.hidden = keras.Sequential([layers.Flatten(), layers.Dense(64, activation="relu")])

    def call(self, images):
        return self.codes(self.hidden(images))


class Decoder(keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden = layers.Dense(64, activation="relu")
        self.pixels = layers.Dense(784, activation="sigmoid")

    def call(self, codes):
        return ops.reshape(self.pixels(self.hidden(codes)), (-1, 28, 28, 1))


class Autoencoder(keras.Model):
    def __init__(self, encoder, decoder):
        super().__init__()
        self.encoder, self.decoder = encoder, decoder

    def call(self, images):
        return self.decoder(self.encoder(images))


def build_autoencoder(latent_dim=2):
    encoder, decoder = Encoder(latent_dim), Decoder()
    return encoder, decoder, Autoencoder(encoder, decoder)
