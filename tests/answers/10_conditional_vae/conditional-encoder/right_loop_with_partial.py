from functools import partial

hidden = partial(layers.Dense, activation="relu", kernel_initializer="he_normal")


def build_conditional_encoder(latent_dim=2, classes=10):
    inputs = [keras.Input((28, 28, 1), name="images"), keras.Input((classes,), name="labels")]
    h = layers.concatenate([layers.Reshape((784,))(inputs[0]), inputs[1]])
    for units in (384, 256, 128):
        h = hidden(units)(h)
    return keras.Model(inputs, [layers.Dense(latent_dim, name=name)(h) for name in ("z_mean", "z_log_var")])
