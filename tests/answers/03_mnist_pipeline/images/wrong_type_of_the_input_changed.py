# fails: test_the_frame_stays_as_it_is
# says: another type
def to_images(frame):
    frame["label"] = frame["label"].astype("int64")
    images = frame[PIXELS].to_numpy(dtype="float32") / 255
    return images.reshape(-1, 28, 28, 1), frame["label"].to_numpy()
