# fails: test_three_outputs
# says: in the line above `def build_encoder`
def build_encoder(self):
    images = keras.Input((self.n_pixels,))
    hidden = layers.Dense(self.intermediate_dim, activation="relu")(images)
    z_mean = layers.Dense(self.latent_dim)(hidden)
    z_log_var = layers.Dense(self.latent_dim)(hidden)
    z = Sampling()([z_mean, z_log_var])
    return keras.Model(images, [z_mean, z_log_var, z])
