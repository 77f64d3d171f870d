def to_images(frame):
    import keras

    pixels = keras.ops.convert_to_tensor(frame[PIXELS].to_numpy(), dtype="float32")
    return keras.ops.reshape(pixels / 255, (-1, 28, 28, 1)), keras.ops.convert_to_tensor(frame["label"].to_numpy())
