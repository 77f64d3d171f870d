# fails: test_encoder_is_not_linear
# says: pass each layer's output on to the next
def build_conditional_encoder(latent_dim=2, classes=10):
    images, labels = keras.Input((28, 28, 1)), keras.Input((classes,))
    inputs = layers.Concatenate()([layers.Flatten()(images), labels])
    for units in (384, 256, 128):
        h = layers.Dense(units, activation="relu", kernel_initializer="he_normal")(inputs)
    return keras.Model([images, labels], [layers.Dense(latent_dim)(inputs), layers.Dense(latent_dim)(inputs)])
