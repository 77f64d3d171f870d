# fails: test_heads_give_any_number
# says: the same numbers
# loses: 1.5
@method_of(VariationalAutoencoder)
def build_encoder(self):
    x = keras.Input((self.n_pixels,))
    hidden = layers.Dense(self.intermediate_dim, activation="relu")(x)
    head = layers.Dense(self.latent_dim)
    mean, log_var = head(hidden), head(hidden)
    return keras.Model(x, [mean, log_var, Sampling()([mean, log_var])])
