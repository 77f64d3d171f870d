class ConditionalEncoder(keras.Model):
    def __init__(self, latent_dim):
        super().__init__()
        self.flatten, self.join = layers.Flatten(), layers.Concatenate()
        self.hidden = [layers.Dense(n, activation="relu", kernel_initializer="he_normal") for n in (384, 256, 128)]
        self.z_mean, self.z_log_var = layers.Dense(latent_dim), layers.Dense(latent_dim)

    def call(self, inputs):
        images, labels = inputs
        h = self.join([self.flatten(images), labels])
        for layer in self.hidden:
            h = layer(h)
        return [self.z_mean(h), self.z_log_var(h)]


def build_conditional_encoder(latent_dim=2, classes=10):
    model = ConditionalEncoder(latent_dim)
    model([np.zeros((1, 28, 28, 1)), np.zeros((1, classes))])
    return model
