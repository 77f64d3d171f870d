# fails: test_the_three_share_their_weights
# says: not from new layers
class Half(keras.Model):
    def __init__(self, *stack):
        super().__init__()
        self.stack = keras.Sequential(stack)

    def call(self, x):
        return self.stack(x)


def build_autoencoder(latent_dim=2):
    def encoder():
        return [layers.Flatten(), layers.Dense(64, activation="relu"), layers.Dense(latent_dim)]

    def decoder():
        pixels = layers.Dense(784, activation="sigmoid")
        return [layers.Dense(64, activation="relu"), pixels, layers.Reshape((28, 28, 1))]

    return Half(*encoder()), Half(*decoder()), Half(*encoder(), *decoder())
