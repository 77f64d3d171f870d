# fails: test_three_outputs
# says: not by name
@method_of(VariationalAutoencoder)
def build_encoder(self):
    x = keras.Input((self.n_pixels,))
    hidden = layers.Dense(self.intermediate_dim, activation="relu")(x)
    mean, log_var = (layers.Dense(self.latent_dim)(hidden) for _ in range(2))
    return keras.Model(x, {"z_mean": mean, "z_log_var": log_var, "z": Sampling()([mean, log_var])})
