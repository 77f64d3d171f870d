# fails: test_pixels_lie_between_0_and_1
# says: sigmoid
def build_autoencoder(latent_dim=2):
    images = keras.Input((28, 28, 1))
    x = layers.Flatten()(images)
    x = layers.Dense(256, activation="relu")(x)
    x = layers.Dense(128, activation="relu")(x)
    encoder = keras.Model(images, layers.Dense(latent_dim)(x))
    codes = keras.Input((latent_dim,))
    x = layers.Dense(128, activation="relu")(codes)
    x = layers.Dense(256, activation="relu")(x)
    x = layers.Dense(784, activation="relu")(x)
    decoder = keras.Model(codes, layers.Reshape((28, 28, 1))(x))
    return encoder, decoder, keras.Model(images, decoder(encoder(images)))
