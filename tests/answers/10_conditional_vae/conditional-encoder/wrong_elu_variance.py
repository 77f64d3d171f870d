# fails: test_heads_are_free
# says: `z_log_var` is small where it is negative
# loses: 0.5
def build_conditional_encoder(latent_dim=2, classes=10):
    images, labels = keras.Input((28, 28, 1)), keras.Input((classes,))
    h = layers.Concatenate()([layers.Flatten()(images), labels])
    for units in (384, 256, 128):
        h = layers.Dense(units, activation="relu", kernel_initializer="he_normal")(h)
    z_mean, z_log_var = layers.Dense(latent_dim)(h), layers.Dense(latent_dim, activation="elu")(h)
    return keras.Model([images, labels], [z_mean, z_log_var])
