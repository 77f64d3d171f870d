# fails: test_shape_and_type
# says: twice the memory
# loses: 0.5
def to_images(frame):
    images = frame[PIXELS].to_numpy().reshape(-1, 28, 28, 1) / 255
    return images, frame["label"].to_numpy()
