# fails: test_decoder_uses_both
# says: whatever z is
def build_conditional_decoder(latent_dim=2, classes=10):
    z, labels = keras.Input((latent_dim,)), keras.Input((classes,))
    h = layers.Concatenate()([0 * z, labels])
    h = layers.Dense(64, activation="relu", kernel_initializer="he_normal")(h)
    pixels = layers.Dense(784, activation="sigmoid")(h)
    return keras.Model([z, labels], layers.Reshape((28, 28, 1))(pixels))
