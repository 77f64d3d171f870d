# fails: test_decoder_parameters
# says: pixels is missing
@method_of(VariationalAutoencoder)
def build_decoder(self):
    z = keras.Input((self.latent_dim,))
    return keras.Model(z, layers.Dense(self.n_pixels, activation="sigmoid")(z))
