class ConditionalDecoder(keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden = [layers.Dense(n, activation="relu", kernel_initializer="he_normal") for n in (128, 256, 384)]
        self.pixels = layers.Dense(784, activation="sigmoid")

    def call(self, inputs):
        h = ops.concatenate(inputs, axis=-1)
        for layer in self.hidden:
            h = layer(h)
        return ops.reshape(self.pixels(h), (-1, 28, 28, 1))


def build_conditional_decoder(latent_dim=2, classes=10):
    model = ConditionalDecoder()
    model([np.zeros((1, latent_dim)), np.zeros((1, classes))])
    return model
