class Decoder(keras.Model):
    def __init__(self, feature_shape):
        super().__init__()
        self.dense = layers.Dense(math.prod(feature_shape), activation="relu")
        self.reshape = layers.Reshape(feature_shape)
        self.upward = layers.Conv2DTranspose(32, 3, strides=2, padding="same", activation="relu")
        self.pixels = layers.Conv2D(1, 3, padding="same", activation="sigmoid")

    def call(self, z):
        return self.pixels(self.upward(self.reshape(self.dense(z))))


def build_decoder(latent_dim=2, feature_shape=(14, 14, 64)):
    return Decoder(feature_shape)
