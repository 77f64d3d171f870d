def build_encoder(hidden_state_size=8):
    x = images = keras.Input((28, 28, 1))
    for filters, strides in ((32, 1), (64, 2), (128, 1), (128, 1)):
        x = layers.Conv2D(filters, 3, strides=strides, padding="same", activation=layers.ReLU())(x)
    x = layers.Dense(128, activation=layers.ReLU())(layers.Flatten()(x))
    heads = [layers.Dense(hidden_state_size, name=name)(x) for name in ("z_mean", "z_log_variance")]
    return keras.Model(images, heads)
