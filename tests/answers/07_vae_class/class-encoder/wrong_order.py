# fails: test_third_output_is_a_draw
# says: are swapped
@method_of(VariationalAutoencoder)
def build_encoder(self):
    images = keras.Input((self.n_pixels,))
    hidden = layers.Dense(self.intermediate_dim, activation="relu")(images)
    z_mean = layers.Dense(self.latent_dim)(hidden)
    z_log_var = layers.Dense(self.latent_dim)(hidden)
    z = Sampling()([z_mean, z_log_var])
    return keras.Model(images, [z_log_var, z_mean, z])
