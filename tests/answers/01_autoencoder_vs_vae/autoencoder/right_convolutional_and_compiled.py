def build_autoencoder(latent_dim=2):
    image = keras.Input(shape=(28, 28, 1), name="image")
    h = layers.Conv2D(8, 3, strides=2, padding="same", activation="relu")(image)
    h = layers.Flatten()(h)
    encoder = keras.Model(image, layers.Dense(latent_dim)(h))
    code = keras.Input(shape=(latent_dim,), name="code")
    h = layers.Dense(14 * 14 * 8, activation="relu")(code)
    h = layers.Reshape((14, 14, 8))(h)
    h = layers.Conv2DTranspose(1, 3, strides=2, padding="same", activation="sigmoid")(h)
    decoder = keras.Model(code, h)
    autoencoder = keras.Model(image, decoder(encoder(image)))
    autoencoder.compile(optimizer="adam", loss="binary_crossentropy")
    return encoder, decoder, autoencoder
