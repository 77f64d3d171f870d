# fails: test_each_call_builds_new_models
# says: share layers
widths = [layers.Dense(256, activation="relu"), layers.Dense(128, activation="relu")]
pixels = layers.Dense(784, activation="sigmoid")


def build_autoencoder(latent_dim=2):
    images = keras.Input((28, 28, 1))
    x = layers.Flatten()(images)
    for layer in widths:
        x = layer(x)
    encoder = keras.Model(images, layers.Dense(latent_dim)(x))
    codes = keras.Input((latent_dim,))
    x = pixels(layers.Dense(128, activation="relu")(codes))
    decoder = keras.Model(codes, layers.Reshape((28, 28, 1))(x))
    return encoder, decoder, keras.Model(images, decoder(encoder(images)))
