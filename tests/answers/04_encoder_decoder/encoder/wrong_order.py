# fails: test_heads_are_named
# says: reverse order
# loses: 0.5
def build_encoder(img_shape=(28, 28, 1), latent_dim=2):
    x = images = keras.Input(img_shape)
    x = layers.Conv2D(32, 3, strides=1, padding="same", activation="relu")(x)
    x = layers.Conv2D(64, 3, strides=2, padding="same", activation="relu")(x)
    x = layers.Conv2D(64, 3, strides=1, padding="same", activation="relu")(x)
    x = layers.Conv2D(64, 3, strides=1, padding="same", activation="relu")(x)
    x = layers.Flatten()(x)
    x = layers.Dense(32, activation="relu")(x)
    z_mean = layers.Dense(latent_dim, name="z_mean")(x)
    z_log_var = layers.Dense(latent_dim, name="z_log_var")(x)
    return keras.Model(images, [z_log_var, z_mean])
