# fails: test_third_output_is_a_draw
# says: no noise
@method_of(VariationalAutoencoder)
def build_encoder(self):
    x = keras.Input((self.n_pixels,))
    h = layers.Dense(self.intermediate_dim, activation="relu")(x)
    m = layers.Dense(self.latent_dim)(h)
    v = layers.Dense(self.latent_dim)(h)
    eps = np.random.normal(size=(1, self.latent_dim)).astype("float32")
    return keras.Model(x, [m, v, m + ops.exp(0.5 * v) * eps])
