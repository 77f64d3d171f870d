def build_autoencoder(latent_dim=2):
    i = keras.Input((28, 28, 1))
    z = layers.Dense(latent_dim)(layers.Flatten()(i))
    z = layers.Add()([z, layers.Dense(latent_dim)(layers.Dense(16, activation="relu")(z))])
    e = keras.Model(i, z)
    c = keras.Input((latent_dim,))
    d = keras.Model(c, layers.Reshape((28, 28, 1))(layers.Dense(784, activation="sigmoid")(layers.Dense(64, activation="relu")(c))))
    return e, d, keras.Model(i, d(e(i)))
