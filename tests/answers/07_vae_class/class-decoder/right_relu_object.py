@method_of(VariationalAutoencoder)
def build_decoder(self):
    model = keras.Sequential(name="decoder")
    model.add(layers.InputLayer(shape=(self.latent_dim,)))
    model.add(layers.Dense(self.intermediate_dim, activation=layers.ReLU()))
    model.add(layers.Dense(self.n_pixels, activation="sigmoid"))
    return model
