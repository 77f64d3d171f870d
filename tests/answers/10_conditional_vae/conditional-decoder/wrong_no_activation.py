# fails: test_decoder_is_not_linear
# says: The decoder is linear
def build_conditional_decoder(latent_dim=2, classes=10):
    z, labels = keras.Input((latent_dim,)), keras.Input((classes,))
    h = layers.Concatenate()([z, labels])
    for units in (128, 256, 384):
        h = layers.Dense(units, kernel_initializer="he_normal")(h)
    pixels = layers.Dense(784, activation="sigmoid")(h)
    return keras.Model([z, labels], layers.Reshape((28, 28, 1))(pixels))
