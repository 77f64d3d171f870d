# fails: test_any_image_shape
# says: use the argument
# loses: 0.5
def build_encoder(img_shape=(28, 28, 1), latent_dim=2):
    x = images = keras.Input(img_shape)
    for filters, strides in ((32, 1), (64, 2), (64, 1), (64, 1)):
        x = layers.Conv2D(filters, 3, strides=strides, padding="same", activation="relu")(x)
    x = layers.Reshape((14 * 14 * 64,))(x)
    x = layers.Dense(32, activation="relu")(x)
    return keras.Model(images, [layers.Dense(latent_dim, name=name)(x) for name in ("z_mean", "z_log_var")])
