# fails: test_heads_are_named
# says: not by name
def build_encoder(hidden_state_size=8):
    x = images = keras.Input((28, 28, 1))
    for filters, strides in ((32, 1), (64, 2), (128, 1), (128, 1)):
        x = layers.Conv2D(filters, 3, strides=strides, padding="same", activation="relu")(x)
    x = layers.Dense(128, activation="relu")(layers.Flatten()(x))
    return keras.Model(images, {n: layers.Dense(hidden_state_size, name=n)(x) for n in ("z_mean", "z_log_variance")})
