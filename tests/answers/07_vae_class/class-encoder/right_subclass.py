class Encoder(keras.Model):
    def __init__(self, latent_dim, units):
        super().__init__()
        self.z_log_var, self.z_mean = layers.Dense(latent_dim), layers.Dense(latent_dim)
        self.hidden = layers.Dense(units, activation="relu")
        self.sampling = Sampling()

    def call(self, images):
        hidden = self.hidden(images)
        z_mean, z_log_var = self.z_mean(hidden), self.z_log_var(hidden)
        return z_mean, z_log_var, self.sampling([z_mean, z_log_var])


@method_of(VariationalAutoencoder)
def build_encoder(self):
    return Encoder(self.latent_dim, self.intermediate_dim)
