# fails: test_hidden_layers_end_in_relu
# says: fourth convolution has no activation
class Encoder(keras.Model):
    def __init__(self, latent_dim):
        super().__init__()
        self.convolutions = [
            layers.Conv2D(32, 3, padding="same", activation="relu"),
            layers.Conv2D(64, 3, strides=2, padding="same", activation="relu"),
            layers.Conv2D(64, 3, padding="same", activation="relu"),
            layers.Conv2D(64, 3, padding="same"),
        ]
        self.hidden = layers.Dense(32, activation="relu")
        self.z_mean = layers.Dense(latent_dim, name="z_mean")
        self.z_log_var = layers.Dense(latent_dim, name="z_log_var")

    def call(self, x):
        for convolution in self.convolutions:
            x = convolution(x)
        x = self.hidden(layers.Flatten()(x))
        return [self.z_mean(x), self.z_log_var(x)]


def build_encoder(img_shape=(28, 28, 1), latent_dim=2):
    return Encoder(latent_dim)
