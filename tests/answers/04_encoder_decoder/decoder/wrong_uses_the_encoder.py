# fails: test_codes_become_images
# says: encoder
def build_decoder(latent_dim=2, feature_shape=(14, 14, 64)):
    z = keras.Input((latent_dim,))
    x = layers.Dense(encoder.get_layer("flatten").output.shape[1], activation="relu")(z)
    x = layers.Reshape(feature_shape)(x)
    x = layers.Conv2DTranspose(32, 3, strides=2, padding="same", activation="relu")(x)
    x = layers.Conv2D(1, 3, padding="same", activation="sigmoid")(x)
    return keras.Model(z, x)
