# fails: test_hidden_layers_end_in_relu
# says: padding="same"
def build_encoder(latent_dim=2, img_shape=(28, 28, 1)):
    x = images = keras.Input(img_shape)
    for filters, stride in ((32, 1), (64, 2), (64, 1), (64, 1)):
        x = layers.ZeroPadding2D(1)(x)
        x = layers.Conv2D(filters, 3, strides=stride, padding="valid", activation="relu")(x)
    x = layers.Flatten()(x)
    x = layers.Dense(32, activation="relu")(x)
    z_mean = layers.Dense(latent_dim, name="z_mean")(x)
    return keras.Model(images, [z_mean, layers.Dense(latent_dim, name="z_log_var")(x)])
