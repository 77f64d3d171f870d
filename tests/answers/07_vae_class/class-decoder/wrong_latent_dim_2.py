# fails: test_codes_become_images
# says: self.latent_dim
@method_of(VariationalAutoencoder)
def build_decoder(self):
    z = keras.Input((2,))
    hidden = layers.Dense(self.intermediate_dim, activation="relu")(z)
    return keras.Model(z, layers.Dense(self.n_pixels, activation="sigmoid")(hidden))
