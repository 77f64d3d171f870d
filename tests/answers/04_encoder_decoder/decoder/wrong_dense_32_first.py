# fails: test_decoder_layer_table
# says: no Dense layer of 32
def build_decoder(latent_dim=2, feature_shape=(14, 14, 64)):
    z = keras.Input((latent_dim,))
    x = layers.Dense(math.prod(feature_shape))(layers.Dense(32, activation="relu")(z))
    x = layers.Reshape(feature_shape)(x)
    x = layers.Conv2DTranspose(32, 3, strides=2, padding="same", activation="relu")(x)
    x = layers.Conv2D(1, 3, padding="same", activation="sigmoid")(x)
    return keras.Model(z, x)
