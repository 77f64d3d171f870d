# fails: test_two_heads
# says: 8 by default
def build_encoder(hidden_state_size=2):
    images = keras.Input((28, 28, 1))
    x = layers.Conv2D(32, 3, padding="same", activation="relu")(images)
    x = layers.Conv2D(64, 3, strides=2, padding="same", activation="relu")(x)
    x = layers.Conv2D(128, 3, padding="same", activation="relu")(x)
    x = layers.Conv2D(128, 3, padding="same", activation="relu")(x)
    x = layers.Flatten()(x)
    x = layers.Dense(128, activation="relu")(x)
    z_mean = layers.Dense(hidden_state_size, name="z_mean")(x)
    z_log_variance = layers.Dense(hidden_state_size, name="z_log_variance")(x)
    return keras.Model(images, [z_mean, z_log_variance])
