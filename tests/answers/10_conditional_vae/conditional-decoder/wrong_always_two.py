# fails: test_decoder_sizes
# says: inputs should be
def build_conditional_decoder(latent_dim=2, classes=10):
    z, labels = keras.Input((2,)), keras.Input((classes,))
    h = layers.Concatenate()([z, labels])
    h = layers.Dense(64, activation="relu", kernel_initializer="he_normal")(h)
    pixels = layers.Dense(784, activation="sigmoid")(h)
    return keras.Model([z, labels], layers.Reshape((28, 28, 1))(pixels))
