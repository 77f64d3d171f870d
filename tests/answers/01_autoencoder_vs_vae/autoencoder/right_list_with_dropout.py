def build_autoencoder(latent_dim=2):
    image = keras.Input((28, 28, 1))
    h = layers.Reshape((784,))(image)
    h = layers.Dropout(0.1)(layers.Dense(200, activation="gelu")(h))
    encoder = keras.Model(image, layers.Dense(latent_dim)(h))
    code = keras.Input((latent_dim,))
    h = layers.Dense(200, activation="gelu")(code)
    h = layers.Reshape((28, 28, 1))(layers.Dense(784)(h))
    decoder = keras.Model(code, ops.sigmoid(h))
    return [encoder, decoder, keras.Model(encoder.input, decoder(encoder.output))]
