# fails: test_any_image_shape
# says: use the argument
def build_encoder(img_shape=(28, 28, 1), latent_dim=2):
    x = images = keras.Input((28, 28, 1))
    x = layers.Conv2D(32, 3, strides=1, padding="same", activation="relu")(x)
    x = layers.Conv2D(64, 3, strides=2, padding="same", activation="relu")(x)
    x = layers.Conv2D(64, 3, strides=1, padding="same", activation="relu")(x)
    x = layers.Conv2D(64, 3, strides=1, padding="same", activation="relu")(x)
    x = layers.Flatten()(x)
    x = layers.Dense(32, activation="relu")(x)
    z_mean = layers.Dense(latent_dim, name="z_mean")(x)
    z_log_var = layers.Dense(latent_dim, name="z_log_var")(x)
    return keras.Model(images, [z_mean, z_log_var])
