@method_of(VariationalAutoencoder)
def build_encoder(self):
    x = keras.Input((self.n_pixels,))
    hidden = layers.Dense(self.intermediate_dim, activation=layers.ReLU())(x)
    mean = layers.Dense(self.latent_dim)(hidden)
    log_var = layers.Dense(self.latent_dim)(hidden)
    return keras.Model(x, [mean, log_var, Sampling()([mean, log_var])])
