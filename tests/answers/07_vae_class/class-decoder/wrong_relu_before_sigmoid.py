# fails: test_pixels_are_between_0_and_1
# says: ReLU before the sigmoid
@method_of(VariationalAutoencoder)
def build_decoder(self):
    z = keras.Input((self.latent_dim,))
    h = layers.Dense(self.intermediate_dim, activation="relu")(z)
    h = layers.Dense(self.n_pixels, activation="relu")(h)
    return keras.Model(z, layers.Activation("sigmoid")(h))
