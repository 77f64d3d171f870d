# fails: test_any_feature_shape
# says: Height and width are swapped
def build_decoder(latent_dim=2, feature_shape=(14, 14, 64)):
    w, h, c = feature_shape
    z = keras.Input((latent_dim,), name="codes")
    x = layers.Dense(h * w * c, activation="relu")(z)
    x = layers.Reshape((h, w, c))(x)
    x = layers.Conv2DTranspose(32, 3, strides=2, padding="same", activation="relu")(x)
    return keras.Model(z, layers.Conv2D(1, 3, padding="same", activation="sigmoid")(x))
