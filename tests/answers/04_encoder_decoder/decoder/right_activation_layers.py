def build_decoder(latent_dim=2, feature_shape=(14, 14, 64)):
    z = keras.Input(shape=(latent_dim,))
    x = layers.Dense(np.prod(feature_shape).item())(z)
    x = layers.Reshape(target_shape=feature_shape)(x)
    x = layers.ReLU()(x)
    x = layers.Conv2DTranspose(filters=32, kernel_size=3, strides=2, padding="same")(x)
    x = layers.Activation("relu")(x)
    x = layers.Conv2D(filters=1, kernel_size=3, padding="same")(x)
    return keras.Model(z, layers.Activation("sigmoid")(x))
