# fails: test_decoder_takes_z_and_labels
# says: softmax
def build_conditional_decoder(latent_dim=2, classes=10):
    z, labels = keras.Input((latent_dim,)), keras.Input((classes,))
    h = layers.Concatenate()([z, labels])
    for units in (128, 256, 384):
        h = layers.Dense(units, activation="relu", kernel_initializer="he_normal")(h)
    pixels = layers.Reshape((28, 28, 1))(layers.Dense(784)(h))
    return keras.Model([z, labels], layers.Softmax(axis=1)(pixels))
