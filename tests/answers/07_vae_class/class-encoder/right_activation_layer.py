@method_of(VariationalAutoencoder)
def build_encoder(self):
    images = keras.layers.Input(shape=[self.n_pixels])
    trunk = keras.Sequential(
        [
            keras.layers.Dense(self.intermediate_dim, kernel_initializer="he_normal"),
            keras.layers.Activation("relu"),
        ]
    )
    hidden = trunk(images)
    z_log_var = keras.layers.Dense(self.latent_dim, name="log_var")(hidden)
    z_mean = keras.layers.Dense(self.latent_dim, name="mean")(hidden)
    return keras.Model(inputs=images, outputs=(z_mean, z_log_var, Sampling(seed=1)((z_mean, z_log_var))))
