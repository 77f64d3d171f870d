# fails: test_encoder_uses_both
# says: whatever the label
def build_conditional_encoder(latent_dim=2, classes=10):
    images, labels = keras.Input((28, 28, 1)), keras.Input((classes,))
    h = layers.Concatenate()([layers.Flatten()(images), 0 * labels])
    h = layers.Dense(64, activation="relu", kernel_initializer="he_normal")(h)
    z_mean = layers.Dense(latent_dim)(h)
    z_log_var = layers.Dense(latent_dim)(h)
    return keras.Model([images, labels], [z_mean, z_log_var])
