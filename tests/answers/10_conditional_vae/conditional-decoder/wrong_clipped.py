# fails: test_decoder_uses_both
# says: cut off at 0
# loses: 0.5
def build_conditional_decoder(latent_dim=2, classes=10):
    z, labels = keras.Input((latent_dim,)), keras.Input((classes,))
    h = layers.Concatenate()([z, labels])
    for units in (128, 256, 384):
        h = layers.Dense(units, activation="relu", kernel_initializer="he_normal")(h)
    pixels = ops.clip(layers.Dense(784)(h), 0, 1)
    return keras.Model([z, labels], layers.Reshape((28, 28, 1))(pixels))
