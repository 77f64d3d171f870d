def build_autoencoder(latent_dim=2):
    images = keras.Input((28, 28, 1))
    h = layers.Dense(256, "relu")(layers.Flatten()(images))
    code = ops.concatenate([layers.Dense(1)(h) for _ in range(latent_dim)], axis=-1)
    encoder = keras.Model(images, code)
    decoder = keras.Sequential([keras.Input((latent_dim,)), layers.Dense(256, "relu"), layers.Dense(784, "sigmoid"), layers.Reshape((28, 28, 1))])
    return encoder, decoder, keras.Model(images, decoder(encoder(images)))
