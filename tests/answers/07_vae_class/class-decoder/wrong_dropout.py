# fails: test_decoder_parameters
# says: In training
# loses: 0.5
@method_of(VariationalAutoencoder)
def build_decoder(self):
    z = keras.Input((self.latent_dim,))
    hidden = layers.Dropout(0.3)(layers.Dense(self.intermediate_dim, activation="relu")(z))
    return keras.Model(z, layers.Dense(self.n_pixels, activation="sigmoid")(hidden))
