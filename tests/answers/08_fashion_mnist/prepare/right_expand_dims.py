def prepare_images(raw):
    return np.expand_dims(raw, -1).astype("float32") / 255
