# fails: test_the_three_share_their_weights
# says: weights of its own
def build_autoencoder(latent_dim=2):
    images = keras.Input((28, 28, 1))
    x = layers.Flatten()(images)
    x = layers.Dense(256, activation="relu")(x)
    encoder = keras.Model(images, layers.Dense(latent_dim)(x))
    codes = keras.Input((latent_dim,))
    x = layers.Dense(256, activation="relu")(codes)
    x = layers.Dense(784, activation="sigmoid")(x)
    decoder = keras.Model(codes, layers.Reshape((28, 28, 1))(x))
    autoencoder = keras.models.clone_model(keras.Model(images, decoder(encoder(images))))
    autoencoder.set_weights(encoder.get_weights() + decoder.get_weights())
    return encoder, decoder, autoencoder
