def build_conditional_encoder(latent_dim=2, classes=10):
    images, labels = keras.Input((28, 28, 1)), keras.Input((classes,))
    plane = layers.Reshape((28, 28, 1))(layers.Dense(784)(labels))
    h = layers.Flatten()(layers.Concatenate()([images, plane]))
    h = layers.Dense(64, activation="relu", kernel_initializer="he_normal")(h)
    return keras.Model([images, labels], [layers.Dense(latent_dim)(h), layers.Dense(latent_dim)(h)])
