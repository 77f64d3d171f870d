@method_of(VariationalAutoencoder)
def build_decoder(self):
    return keras.Sequential(
        [
            keras.Input((self.latent_dim,)),
            layers.Dense(self.intermediate_dim, activation="relu"),
            layers.Dense(self.n_pixels, activation="sigmoid"),
        ]
    )
