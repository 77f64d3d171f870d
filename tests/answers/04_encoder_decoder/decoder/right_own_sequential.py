class Decoder(keras.Sequential):
    def __init__(self, feature_shape):
        super().__init__()
        self.add(layers.Dense(math.prod(feature_shape)))
        self.add(layers.Reshape(feature_shape))
        self.add(layers.Conv2DTranspose(32, 3, strides=2, padding="same", activation="relu"))
        self.add(layers.Conv2D(1, 3, padding="same", activation="sigmoid"))


def build_decoder(latent_dim=2, feature_shape=(14, 14, 64)):
    return Decoder(feature_shape)
