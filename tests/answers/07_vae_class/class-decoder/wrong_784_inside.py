# fails: test_codes_become_images
# says: take all of them from `self.n_pixels`
@method_of(VariationalAutoencoder)
def build_decoder(self):
    z = keras.Input((self.latent_dim,))
    hidden = layers.Dense(self.intermediate_dim, activation="relu")(z)
    pixels = layers.Dense(784, activation="sigmoid")(hidden)
    return keras.Model(z, layers.Reshape((self.n_pixels,))(pixels))
