def build_conditional_decoder(latent_dim=2, classes=10):
    inputs = [keras.Input((size,)) for size in (latent_dim, classes)]
    h = layers.Concatenate()(inputs)
    for units in (128, 256, 384):
        h = layers.Dense(units, "relu", kernel_initializer="he_normal")(h)
    h = layers.Dense(28 * 28, "sigmoid")(h)
    return keras.Model(inputs, layers.Reshape((28, 28, 1))(h), name="decoder")
