# fails: test_encoder_of_other_sizes
# says: from self
# loses: 0.5
@method_of(VariationalAutoencoder)
def build_encoder(self):
    images = keras.Input((self.n_pixels,))
    hidden = layers.Dense(512, activation="relu")(images)
    z_mean = layers.Dense(self.latent_dim)(hidden)
    z_log_var = layers.Dense(self.latent_dim)(hidden)
    z = Sampling()([z_mean, z_log_var])
    return keras.Model(images, [z_mean, z_log_var, z])
