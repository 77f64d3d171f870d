# fails: test_training_lowers_the_error
# says: encoder doesn't learn
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
    return encoder, decoder, keras.Model(images, decoder(ops.stop_gradient(encoder(images))))
