def prepare_images(raw):
    return (raw.reshape(-1, 28, 28, 1) / 255).astype(np.float32)
