# fails: test_pixels_are_in_order
# says: label was read as the first pixel
def to_images(frame):
    images = frame.to_numpy(dtype=np.float32)[:, :784].reshape(-1, 28, 28, 1) / 255
    return images, frame["label"].to_numpy()
