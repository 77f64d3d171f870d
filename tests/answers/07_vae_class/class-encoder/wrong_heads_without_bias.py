# fails: test_heads_give_any_number
# says: no bias
@method_of(VariationalAutoencoder)
def build_encoder(self):
    x = keras.Input((self.n_pixels,))
    h = layers.Dense(self.intermediate_dim, activation="relu")(x)
    m = layers.Dense(self.latent_dim, use_bias=False)(h)
    v = layers.Dense(self.latent_dim, use_bias=False)(h)
    return keras.Model(x, [m, v, Sampling()([m, v])])
