# fails: test_three_models
# says: `(784,)`
def build_autoencoder(latent_dim=2):
    images = keras.Input(784)
    encoder = keras.Model(images, layers.Dense(latent_dim)(images))
    codes = keras.Input((latent_dim,))
    decoder = keras.Model(codes, layers.Dense(784, activation="sigmoid")(codes))
    return encoder, decoder, keras.Model(images, decoder(encoder(images)))
