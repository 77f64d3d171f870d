# fails: test_any_feature_shape
# says: single channel
def build_decoder(latent_dim=2, feature_shape=(14, 14, 64)):
    z = keras.Input((latent_dim,), name="codes")
    x = layers.Dense(math.prod(feature_shape), activation="relu")(z)
    x = layers.Reshape(feature_shape)(x)
    x = layers.Conv2DTranspose(32, 3, strides=2, padding="same", activation="relu")(x)
    return keras.Model(z, layers.Conv2D(3, 3, padding="same", activation="sigmoid")(x))
