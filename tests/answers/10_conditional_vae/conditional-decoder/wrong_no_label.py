# fails: test_decoder_takes_z_and_labels
# says: one input
def build_conditional_decoder(latent_dim=2, classes=10):
    z, labels = keras.Input((latent_dim,)), keras.Input((classes,))
    h = z
    h = layers.Dense(64, activation="relu", kernel_initializer="he_normal")(h)
    pixels = layers.Dense(784, activation="sigmoid")(h)
    return keras.Model(z, layers.Reshape((28, 28, 1))(pixels))
