class Encoder(keras.Model):
    def __init__(self, latent_dim):
        super().__init__()
        self.z_log_var = layers.Dense(latent_dim, name="z_log_var")
        self.z_mean = layers.Dense(latent_dim, name="z_mean")
        self.hidden = layers.Dense(32, activation="relu")
        self.convolutions = [
            layers.Conv2D(filters, 3, strides=strides, padding="same", activation="relu")
            for filters, strides in ((32, 1), (64, 2), (64, 1), (64, 1))
        ]
        self.flatten = layers.Flatten()

    def call(self, images):
        x = images
        for convolution in self.convolutions:
            x = convolution(x)
        x = self.hidden(self.flatten(x))
        return self.z_mean(x), self.z_log_var(x)


def build_encoder(img_shape=(28, 28, 1), latent_dim=2):
    return Encoder(latent_dim)
