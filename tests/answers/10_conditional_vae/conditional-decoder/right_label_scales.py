def build_conditional_decoder(latent_dim=2, classes=10):
    z, y = keras.Input((latent_dim,)), keras.Input((classes,))
    h = layers.Dense(128)(z)
    scale, shift = layers.Dense(128)(y), layers.Dense(128)(y)
    h = layers.Activation("relu")(layers.Add()([layers.Multiply()([h, scale]), shift]))
    h = layers.Dense(384, activation="relu", kernel_initializer="he_normal")(h)
    return keras.Model([z, y], layers.Reshape((28, 28, 1))(layers.Dense(784, activation="sigmoid")(h)))
