def build_autoencoder(latent_dim=2):
    encoder = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Flatten(),
            layers.Dense(256),
            layers.ReLU(),
            layers.Dense(128),
            layers.ReLU(),
            layers.Dense(latent_dim, activation="linear"),
        ]
    )
    decoder = keras.Sequential(
        [
            keras.Input((latent_dim,)),
            layers.Dense(128, activation="relu"),
            layers.Dense(256, activation="relu"),
            layers.Dense(28 * 28),
            layers.Activation("sigmoid"),
            layers.Reshape((28, 28, 1)),
        ]
    )
    return encoder, decoder, keras.Sequential([encoder, decoder])
