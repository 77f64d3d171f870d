# fails: test_any_number_of_codes
# says: use the argument, not the number 2
def build_decoder(latent_dim=2, feature_shape=(14, 14, 64)):
    z = keras.Input((latent_dim,))
    x = layers.Reshape((2,))(z)
    x = layers.Dense(math.prod(feature_shape), activation="relu")(x)
    x = layers.Reshape(feature_shape)(x)
    x = layers.Conv2DTranspose(32, 3, strides=2, padding="same", activation="relu")(x)
    return keras.Model(z, layers.Conv2D(1, 3, padding="same", activation="sigmoid")(x))
