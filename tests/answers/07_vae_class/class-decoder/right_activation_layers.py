def build_decoder(self):
    model = keras.Sequential(name="decoder")
    model.add(keras.layers.InputLayer(shape=(self.latent_dim,)))
    model.add(keras.layers.Dense(self.intermediate_dim))
    model.add(keras.layers.ReLU())
    model.add(keras.layers.Dense(self.n_pixels))
    model.add(keras.layers.Activation(keras.activations.sigmoid))
    return model


VariationalAutoencoder.build_decoder = build_decoder
