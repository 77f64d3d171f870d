# fails: test_three_models
# says: Three Keras models
def build_autoencoder(latent_dim=2):
    i = keras.Input((28, 28, 1))
    z = layers.Dense(latent_dim)(layers.Dense(64, activation="relu")(layers.Flatten()(i)))
    e = keras.Model(i, z)
    c = keras.Input((latent_dim,))
    d = keras.Model(c, layers.Reshape((28, 28, 1))(layers.Dense(784, activation="sigmoid")(layers.Dense(64, activation="relu")(c))))
    return e, d, d(e(i))
