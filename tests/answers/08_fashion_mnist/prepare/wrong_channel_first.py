# fails: test_one_channel
# says: before the pixels
def prepare_images(raw):
    return raw[:, np.newaxis].astype("float32") / 255.0
