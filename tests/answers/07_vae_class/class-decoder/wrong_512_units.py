# fails: test_decoder_of_other_sizes
# says: from self
@method_of(VariationalAutoencoder)
def build_decoder(self):
    z = keras.Input((self.latent_dim,))
    hidden = layers.Dense(512, activation="relu")(z)
    return keras.Model(z, layers.Dense(self.n_pixels, activation="sigmoid")(hidden))
