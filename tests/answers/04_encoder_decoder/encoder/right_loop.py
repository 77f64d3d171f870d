def build_encoder(img_shape=(28, 28, 1), latent_dim=2):
    x = images = keras.Input(shape=img_shape)
    for filters, stride in ((32, 1), (64, 2), (64, 1), (64, 1)):
        x = layers.Conv2D(filters, (3, 3), strides=(stride, stride), padding="same", activation="relu")(x)
    x = layers.Dense(32, activation="relu")(layers.Flatten()(x))
    return keras.Model(inputs=images, outputs=[layers.Dense(latent_dim, name=name)(x) for name in ("z_mean", "z_log_var")])
