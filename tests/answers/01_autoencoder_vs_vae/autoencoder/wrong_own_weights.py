# fails: test_the_three_share_their_weights
# says: not from new layers
def build_autoencoder(latent_dim=2):
    def down():
        return [
            layers.Flatten(),
            layers.Dense(256, activation="relu"),
            layers.Dense(128, activation="relu"),
            layers.Dense(latent_dim),
        ]

    def up():
        return [
            layers.Dense(128, activation="relu"),
            layers.Dense(256, activation="relu"),
            layers.Dense(784, activation="sigmoid"),
            layers.Reshape((28, 28, 1)),
        ]

    encoder = keras.Sequential([keras.Input((28, 28, 1)), *down()])
    decoder = keras.Sequential([keras.Input((latent_dim,)), *up()])
    autoencoder = keras.Sequential([keras.Input((28, 28, 1)), *down(), *up()])
    return encoder, decoder, autoencoder
