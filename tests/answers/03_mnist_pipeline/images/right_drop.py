def to_images(frame):
    pixels = frame.drop(columns="label").to_numpy(dtype="float32") / 255.0
    return pixels.reshape((len(frame), 28, 28, 1)), frame["label"].values
