# fails: test_encoder_takes_images_and_labels
# says: z_mean first
def build_conditional_encoder(latent_dim=2, classes=10):
    images, labels = keras.Input((28, 28, 1)), keras.Input((classes,))
    h = layers.Concatenate()([layers.Flatten()(images), labels])
    for units in (384, 256, 128):
        h = layers.Dense(units, activation="relu", kernel_initializer="he_normal")(h)
    z_mean = layers.Dense(latent_dim, name="z_mean")(h)
    z_log_var = layers.Dense(latent_dim, name="z_log_var")(h)
    return keras.Model([images, labels], [z_log_var, z_mean])
