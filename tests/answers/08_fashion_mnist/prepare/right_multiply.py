def prepare_images(raw):
    return np.multiply(raw[:, :, :, None], 1 / 255, dtype=np.float32)
