# fails: test_encoder_uses_both
# says: are the same numbers
# loses: 0.5
def build_conditional_encoder(latent_dim=2, classes=10):
    images, labels = keras.Input((28, 28, 1)), keras.Input((classes,))
    h = layers.Concatenate()([layers.Flatten()(images), labels])
    for units in (384, 256, 128):
        h = layers.Dense(units, activation="relu", kernel_initializer="he_normal")(h)
    head = layers.Dense(latent_dim)
    return keras.Model([images, labels], [head(h), head(h)])
