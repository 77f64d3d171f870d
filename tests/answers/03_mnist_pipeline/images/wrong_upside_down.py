# fails: test_pixels_are_in_order
# says: upside down
def to_images(frame):
    images = frame[PIXELS].to_numpy(dtype=np.float32).reshape(-1, 28, 28, 1)[:, ::-1] / 255
    return images, frame["label"].to_numpy()
