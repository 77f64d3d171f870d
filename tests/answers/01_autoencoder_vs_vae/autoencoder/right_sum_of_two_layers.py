def build_autoencoder(latent_dim=2):
    i = keras.Input((28, 28, 1))
    x = layers.Flatten()(i)
    h = layers.Dense(64, activation="relu")(x)
    code = layers.Add()([layers.Dense(latent_dim)(h), layers.Dense(latent_dim, use_bias=False)(x)])
    e = keras.Model(i, code)
    c = keras.Input((latent_dim,))
    d = keras.Model(c, layers.Reshape((28, 28, 1))(layers.Dense(784, activation="sigmoid")(layers.Dense(64, activation="relu")(c))))
    return e, d, keras.Model(i, d(e(i)))
