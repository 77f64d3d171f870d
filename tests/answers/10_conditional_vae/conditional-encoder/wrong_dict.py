# fails: test_encoder_takes_images_and_labels
# says: not by name
def build_conditional_encoder(latent_dim=2, classes=10):
    images, labels = keras.Input((28, 28, 1)), keras.Input((classes,))
    h = layers.Concatenate()([layers.Flatten()(images), labels])
    for units in (384, 256, 128):
        h = layers.Dense(units, activation="relu", kernel_initializer="he_normal")(h)
    return keras.Model([images, labels], {"z_mean": layers.Dense(latent_dim)(h), "z_log_var": layers.Dense(latent_dim)(h)})
