# fails: test_heads_read_the_same_layer
# says: a Dense layer each
def build_encoder(hidden_state_size=8):
    images = keras.Input((28, 28, 1))
    x = images
    for filters, strides in ((32, 1), (64, 2), (128, 1), (128, 1)):
        x = layers.Conv2D(filters, 3, strides=strides, padding="same", activation="relu")(x)
    x = layers.Dense(128, activation="relu")(layers.Flatten()(x))
    head = layers.Dense(hidden_state_size, name="z_mean")(x)
    return keras.Model(images, [head, head])
