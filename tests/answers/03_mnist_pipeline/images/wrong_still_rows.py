# fails: test_shape_and_type
# says: still rows
def to_images(frame):
    images = frame[PIXELS].to_numpy(dtype=np.float32) / 255
    return images, frame["label"].to_numpy()
