# fails: test_decoder_uses_both
# says: leave noise
def build_conditional_decoder(latent_dim=2, classes=10):
    z, y = keras.Input((latent_dim,)), keras.Input((classes,))
    h = layers.Concatenate()([z, y])
    for u in (128, 256, 384):
        h = layers.Dense(u, activation="relu", kernel_initializer="he_normal")(h)
        h = layers.Dropout(0.5)(h, training=True)
    return keras.Model([z, y], layers.Reshape((28, 28, 1))(layers.Dense(784, activation="sigmoid")(h)))
