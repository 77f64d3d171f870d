# fails: test_shape_and_type
# says: frame.drop(columns=…)
def to_images(frame):
    pixels = frame.drop("label").to_numpy("float32") / 255
    return pixels.reshape(-1, 28, 28, 1), frame["label"].to_numpy()
