@method_of(VariationalAutoencoder)
def build_encoder(self):
    x = keras.Input((self.n_pixels,), name="images")
    h = layers.ReLU()(layers.Dense(units=self.intermediate_dim)(x))
    both = layers.Dense(2 * self.latent_dim)(h)
    z_mean, z_log_var = both[:, : self.latent_dim], both[:, self.latent_dim :]
    return keras.Model(x, [z_mean, z_log_var, Sampling()([z_mean, z_log_var])], name="encoder")
