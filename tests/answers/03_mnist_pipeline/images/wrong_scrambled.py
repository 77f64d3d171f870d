# fails: test_pixels_are_in_order
# says: pixels of the others
def to_images(frame):
    images = np.moveaxis(frame[PIXELS].to_numpy(dtype=np.float32).reshape(28, 28, -1, 1), 2, 0) / 255
    return images, frame["label"].to_numpy()
