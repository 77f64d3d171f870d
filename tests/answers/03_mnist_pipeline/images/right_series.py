def to_images(frame):
    images = (frame[PIXELS].astype(np.float32) / 255).values.reshape(-1, 28, 28)
    return images[..., np.newaxis], frame.label
