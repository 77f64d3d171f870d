# fails: test_any_latent_dim
# says: use the argument everywhere
def build_autoencoder(latent_dim=2):
    images = keras.Input((28, 28, 1))
    x = layers.Dense(128, activation="relu")(layers.Flatten()(images))
    encoder = keras.Model(images, layers.Dense(latent_dim)(x))
    codes = keras.Input((2,))
    x = layers.Dense(784, activation="sigmoid")(layers.Dense(128, activation="relu")(codes))
    decoder = keras.Model(codes, layers.Reshape((28, 28, 1))(x))
    return encoder, decoder, keras.Model(images, decoder(encoder(images)))
