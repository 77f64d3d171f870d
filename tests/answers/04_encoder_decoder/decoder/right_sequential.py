def build_decoder(latent_dim=2, feature_shape=(14, 14, 64)):
    height, width, channels = feature_shape
    return keras.Sequential(
        [
            keras.Input((latent_dim,)),
            layers.Dense(height * width * channels, activation="relu"),
            layers.Reshape((height, width, channels)),
            layers.Conv2DTranspose(32, (3, 3), strides=(2, 2), padding="same", activation="relu"),
            layers.Conv2D(1, (3, 3), padding="same", activation="sigmoid"),
        ]
    )
