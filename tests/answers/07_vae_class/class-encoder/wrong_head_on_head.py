# fails: test_encoder_parameters
# says: One head reads the other
@method_of(VariationalAutoencoder)
def build_encoder(self):
    x = keras.Input((self.n_pixels,))
    hidden = layers.Dense(self.intermediate_dim, activation="relu")(x)
    mean = layers.Dense(self.latent_dim)(hidden)
    log_var = layers.Dense(self.latent_dim)(mean)
    return keras.Model(x, [mean, log_var, Sampling()([mean, log_var])])
