# fails: test_decoder_layer_table
# says: Layer 2 of those with parameters should be Conv2DTranspose
def build_decoder(latent_dim=2, feature_shape=(14, 14, 64)):
    z = keras.Input((latent_dim,))
    x = layers.Dense(math.prod(feature_shape), activation="relu")(z)
    x = layers.Reshape(feature_shape)(x)
    x = layers.Conv2D(64, 3, padding="same", activation="relu")(x)
    x = layers.Conv2DTranspose(32, 3, strides=2, padding="same", activation="relu")(x)
    x = layers.Conv2D(1, 3, padding="same", activation="sigmoid")(x)
    return keras.Model(z, x)
