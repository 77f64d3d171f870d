# fails: test_codes_become_images
# says: return
@method_of(VariationalAutoencoder)
def build_decoder(self):
    z = keras.Input((self.latent_dim,))
    hidden = layers.Dense(self.intermediate_dim, activation="relu")(z)
    self.decoder = keras.Model(z, layers.Dense(self.n_pixels, activation="sigmoid")(hidden))
