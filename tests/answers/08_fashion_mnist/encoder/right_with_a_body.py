def build_encoder(hidden_state_size=8):
    body = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 3, padding="same", activation="relu"),
            layers.Conv2D(64, 3, 2, padding="same", activation="relu"),
            layers.Conv2D(128, 3, padding="same", activation="relu"),
            layers.Conv2D(128, 3, padding="same", activation="relu"),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
        ]
    )
    images = keras.Input((28, 28, 1))
    features = body(images)
    z_mean = layers.Dense(hidden_state_size, name="z_mean")(features)
    z_log_variance = layers.Dense(hidden_state_size, name="z_log_variance")(features)
    return keras.Model(images, [z_mean, z_log_variance], name="encoder")
