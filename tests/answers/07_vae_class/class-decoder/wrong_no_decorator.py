# fails: test_codes_become_images
# says: in the line above `def build_decoder`
def build_decoder(self):
    z = keras.Input((self.latent_dim,))
    hidden = layers.Dense(self.intermediate_dim, activation="relu")(z)
    return keras.Model(z, layers.Dense(self.n_pixels, activation="sigmoid")(hidden))
