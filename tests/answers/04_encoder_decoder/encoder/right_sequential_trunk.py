def build_encoder(img_shape=(28, 28, 1), latent_dim=2):
    conv = {"kernel_size": 3, "padding": "same", "activation": "relu"}
    trunk = keras.Sequential(
        [
            keras.Input(img_shape),
            layers.Conv2D(32, **conv),
            layers.Conv2D(64, strides=2, **conv),
            layers.Conv2D(64, **conv),
            layers.Conv2D(64, **conv),
            layers.Flatten(),
            layers.Dense(32, activation="relu"),
        ]
    )
    images = keras.Input(img_shape)
    features = trunk(images)
    z_log_var = layers.Dense(latent_dim, name="z_log_var")(features)
    z_mean = layers.Dense(latent_dim, name="z_mean")(features)
    return keras.Model(images, [z_mean, z_log_var], name="encoder")
