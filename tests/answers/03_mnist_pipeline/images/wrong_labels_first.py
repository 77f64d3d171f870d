# fails: test_shape_and_type
# says: changed places
# loses: 1
def to_images(frame):
    images = frame[PIXELS].to_numpy().astype("float32").reshape(-1, 28, 28, 1) / 255
    return frame["label"].to_numpy(), images
