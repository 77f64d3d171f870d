def build_decoder(latent_dim=2, feature_shape=(14, 14, 64)):
    units = feature_shape[0] * feature_shape[1] * feature_shape[2]
    z = keras.Input((latent_dim,), name="code")
    x = layers.Reshape(feature_shape)(layers.Dense(units, activation=keras.activations.relu)(z))
    x = layers.Conv2DTranspose(32, 3, 2, "same", activation=ops.relu)(x)
    return keras.Model(inputs=z, outputs=ops.sigmoid(layers.Conv2D(1, 3, padding="same")(x)))
