def build_conditional_decoder(latent_dim=2, classes=10):
    z, labels = keras.Input((latent_dim,)), keras.Input((classes,))
    h = layers.Dense(64, activation="relu")(layers.Concatenate()([z, layers.Dense(8)(labels)]))
    images = layers.Reshape((28, 28, 1))(layers.Activation("sigmoid")(layers.Dense(784)(h)))
    return keras.Model([z, labels], images)
