# fails: test_heads_are_free
# says: between
def build_conditional_encoder(latent_dim=2, classes=10):
    images, labels = keras.Input((28, 28, 1)), keras.Input((classes,))
    h = layers.Concatenate()([layers.Flatten()(images), labels])
    h = layers.Dense(64, activation="relu", kernel_initializer="he_normal")(h)
    z_mean = layers.Dense(latent_dim, activation="tanh")(h)
    z_log_var = layers.Dense(latent_dim, activation="tanh")(h)
    return keras.Model([images, labels], [z_mean, z_log_var])
