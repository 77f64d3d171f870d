# fails: test_three_outputs
# says: not its outputs alone
@method_of(VariationalAutoencoder)
def build_encoder(self):
    x = keras.Input((self.n_pixels,))
    hidden = layers.Dense(self.intermediate_dim, activation="relu")(x)
    mean, log_var = (layers.Dense(self.latent_dim)(hidden) for _ in range(2))
    return [mean, log_var, Sampling()([mean, log_var])]
