# fails: test_a_code_may_be_any_vector
# says: bends
def build_autoencoder(latent_dim=2):
    images = keras.Input((28, 28, 1))
    h = layers.Dense(128, "relu")(layers.Dense(256, "relu")(layers.Flatten()(images)))
    encoder = keras.Model(images, layers.Dense(latent_dim, activation="leaky_relu")(h))
    codes = keras.Input((latent_dim,))
    pixels = layers.Dense(784, "sigmoid")(layers.Dense(256, "relu")(codes))
    decoder = keras.Model(codes, layers.Reshape((28, 28, 1))(pixels))
    return encoder, decoder, keras.Model(images, decoder(encoder(images)))
