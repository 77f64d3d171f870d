# fails: test_activations
# says: such as Dropout
# loses: 0.5
def build_encoder(hidden_state_size=8):
    images = keras.Input((28, 28, 1))
    x = images
    for filters, strides in ((32, 1), (64, 2), (128, 1), (128, 1)):
        x = layers.Conv2D(filters, 3, strides=strides, padding="same", activation="relu")(x)
        x = layers.SpatialDropout2D(0.2)(x)
    x = layers.Dense(128, activation="relu")(layers.Flatten()(x))
    z_mean = layers.Dense(hidden_state_size, name="z_mean")(x)
    z_log_var = layers.Dense(hidden_state_size, name="z_log_variance")(x)
    return keras.Model(images, [z_mean, z_log_var])
