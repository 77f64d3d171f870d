# fails: test_encoder_of_other_sizes
# says: hidden layer has no activation
# loses: 0.5
class Encoder(keras.Model):
    def __init__(self, latent_dim, units):
        super().__init__()
        self.hidden = layers.Dense(units)
        self.z_mean, self.z_log_var = layers.Dense(latent_dim), layers.Dense(latent_dim)
        self.sampling = Sampling()

    def call(self, images):
        hidden = self.hidden(images)
        z_mean, z_log_var = self.z_mean(hidden), self.z_log_var(hidden)
        return z_mean, z_log_var, self.sampling([z_mean, z_log_var])


@method_of(VariationalAutoencoder)
def build_encoder(self):
    return Encoder(self.latent_dim, self.intermediate_dim)
