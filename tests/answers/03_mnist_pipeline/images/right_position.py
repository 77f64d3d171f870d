def to_images(frame):
    values = frame.to_numpy()
    images = (values[:, 1:] / 255).astype("float32").reshape(-1, 28, 28, 1)
    return [images, values[:, 0]]
