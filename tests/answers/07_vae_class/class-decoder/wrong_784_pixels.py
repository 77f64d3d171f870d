# fails: test_codes_become_images
# says: self.n_pixels
# loses: 1
@method_of(VariationalAutoencoder)
def build_decoder(self):
    z = keras.Input((self.latent_dim,))
    hidden = layers.Dense(self.intermediate_dim, activation="relu")(z)
    return keras.Model(z, layers.Dense(784, activation="sigmoid")(hidden))
