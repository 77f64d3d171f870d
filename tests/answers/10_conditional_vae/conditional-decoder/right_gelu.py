def build_conditional_decoder(latent_dim=2, classes=10):
    z, labels = keras.Input((latent_dim,)), keras.Input((classes,))
    h = layers.Dense(64, activation="gelu")(layers.concatenate([z, labels]))
    h = layers.Dense(128, activation="tanh")(h)
    pixels = layers.Dense(784, activation="sigmoid")(h)
    return keras.Model([z, labels], layers.Reshape((28, 28, 1))(pixels))
