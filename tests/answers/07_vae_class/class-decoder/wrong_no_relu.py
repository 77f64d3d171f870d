# fails: test_decoder_of_other_sizes
# says: no activation
@method_of(VariationalAutoencoder)
def build_decoder(self):
    z = keras.Input((self.latent_dim,))
    hidden = layers.Dense(self.intermediate_dim)(z)
    return keras.Model(z, layers.Dense(self.n_pixels, activation="sigmoid")(hidden))
