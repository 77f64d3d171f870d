# fails: test_three_models
# says: order
def build_autoencoder(latent_dim=2):
    images = keras.Input((28, 28, 1))
    x = layers.Flatten()(images)
    x = layers.Dense(256, activation="relu")(x)
    x = layers.Dense(128, activation="relu")(x)
    encoder = keras.Model(images, layers.Dense(latent_dim)(x))
    codes = keras.Input((latent_dim,))
    x = layers.Dense(128, activation="relu")(codes)
    x = layers.Dense(256, activation="relu")(x)
    x = layers.Dense(784, activation="sigmoid")(x)
    decoder = keras.Model(codes, layers.Reshape((28, 28, 1))(x))
    return keras.Model(images, decoder(encoder(images))), encoder, decoder
