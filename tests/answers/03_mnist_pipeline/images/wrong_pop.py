# fails: test_the_frame_stays_as_it_is
# says: `pop`
def to_images(frame):
    labels = frame.pop("label")
    images = frame.to_numpy(dtype=np.float32).reshape(-1, 28, 28, 1) / 255
    return images, labels
