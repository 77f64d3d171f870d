def build_encoder(hidden_state_size=8):
    x = images = keras.layers.Input(shape=(28, 28, 1))
    for filters, stride in ((32, 1), (64, 2), (128, 1), (128, 1)):
        x = layers.Conv2D(filters, (3, 3), strides=(stride, stride), padding="same")(x)
        x = layers.Activation("relu")(x)
    x = layers.Reshape((-1,))(x)
    x = layers.ReLU()(layers.Dense(128)(x))
    return keras.Model(
        inputs=images,
        outputs=[layers.Dense(hidden_state_size, name=name)(x) for name in ("z_mean", "z_log_variance")],
    )
