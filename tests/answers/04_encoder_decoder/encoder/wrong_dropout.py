# fails: test_two_outputs
# says: such as Dropout
def build_encoder(latent_dim=2, img_shape=(28, 28, 1)):
    x = images = keras.Input(img_shape)
    for filters, stride in ((32, 1), (64, 2), (64, 1), (64, 1)):
        x = layers.Conv2D(filters, 3, strides=stride, padding="same", activation="relu")(x)
    x = layers.Dropout(0.25)(layers.Flatten()(x))
    x = layers.Dense(32, activation="relu")(x)
    z_mean = layers.Dense(latent_dim, name="z_mean")(x)
    return keras.Model(images, [z_mean, layers.Dense(latent_dim, name="z_log_var")(x)])
