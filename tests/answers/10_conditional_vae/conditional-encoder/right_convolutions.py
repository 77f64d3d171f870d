def build_conditional_encoder(latent_dim=2, classes=10):
    images, labels = keras.Input((28, 28, 1)), keras.Input((classes,))
    h = layers.Conv2D(8, 3, strides=2, activation="relu")(images)
    h = layers.concatenate([layers.Flatten()(h), labels])
    h = layers.Dense(32, activation="relu")(h)
    return keras.Model([images, labels], [layers.Dense(latent_dim)(h), layers.Dense(latent_dim)(h)])
