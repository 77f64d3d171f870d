# fails: test_three_models
# says: `(784,)`
def build_autoencoder(latent_dim=2):
    pictures = keras.Input(784)
    encoder = keras.Model(pictures, layers.Dense(latent_dim)(pictures))
    codes = keras.Input((latent_dim,))
    decoder = keras.Model(codes, layers.Dense(784, activation="sigmoid")(codes))
    return encoder, decoder, keras.Model(pictures, decoder(encoder(pictures)))
