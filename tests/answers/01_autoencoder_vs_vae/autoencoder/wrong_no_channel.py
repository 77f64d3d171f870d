# fails: test_the_decoder_draws_pictures
# says: Reshape to (28, 28, 1)
def build_autoencoder(latent_dim=2):
    pictures = keras.Input((28, 28, 1))
    x = layers.Flatten()(pictures)
    x = layers.Dense(256, activation="relu")(x)
    x = layers.Dense(128, activation="relu")(x)
    encoder = keras.Model(pictures, layers.Dense(latent_dim)(x))
    codes = keras.Input((latent_dim,))
    x = layers.Dense(128, activation="relu")(codes)
    x = layers.Dense(256, activation="relu")(x)
    x = layers.Dense(784, activation="sigmoid")(x)
    decoder = keras.Model(codes, layers.Reshape((28, 28))(x))
    return encoder, decoder, keras.Model(pictures, decoder(encoder(pictures)))
