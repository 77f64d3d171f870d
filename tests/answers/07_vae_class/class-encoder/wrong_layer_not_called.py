# fails: test_three_outputs
# says: `layers.Dense(2)(x)`, not `layers.Dense(2)`
@method_of(VariationalAutoencoder)
def build_encoder(self):
    images = keras.Input((self.n_pixels,))
    hidden = layers.Dense(self.intermediate_dim, activation="relu")(images)
    z_mean, z_log_var = layers.Dense(self.latent_dim), layers.Dense(self.latent_dim)(hidden)
    return keras.Model(images, [z_mean, z_log_var, Sampling()([z_log_var, z_log_var])])
