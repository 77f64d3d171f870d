# fails: test_two_heads
# says: called `inputs` and `outputs`
def build_encoder(hidden_state_size=8):
    images = keras.Input((28, 28, 1))
    x = layers.Dense(128, activation="relu")(layers.Flatten()(images))
    heads = [layers.Dense(hidden_state_size, name=name)(x) for name in ("z_mean", "z_log_variance")]
    return keras.Model(input=images, output=heads)
