def build_conditional_decoder(latent_dim=2, classes=10):
    z, labels = keras.Input((latent_dim,)), keras.Input((classes,))
    h = layers.Dense(14 * 14 * 4, activation="relu")(layers.concatenate([z, labels]))
    h = layers.Conv2DTranspose(8, 3, strides=2, padding="same", activation="relu")(layers.Reshape((14, 14, 4))(h))
    return keras.Model([z, labels], layers.Conv2D(1, 3, padding="same", activation="sigmoid")(h))
