# fails: test_one_channel
# says: channel axis is missing
# loses: 0.5
def prepare_images(raw):
    return raw.astype("float32") / 255.0
