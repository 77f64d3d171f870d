# fails: test_three_outputs
# says: self.latent_dim
# loses: 1.5
@method_of(VariationalAutoencoder)
def build_encoder(self):
    images = keras.Input((self.n_pixels,))
    hidden = layers.Dense(self.intermediate_dim, activation="relu")(images)
    z_mean = layers.Dense(2)(hidden)
    z_log_var = layers.Dense(2)(hidden)
    z = Sampling()([z_mean, z_log_var])
    return keras.Model(images, [z_mean, z_log_var, z])
