# fails: test_raw_images_stay_unchanged
# says: divided by 255
def prepare_images(raw):
    raw[raw < 5] = 0  # get rid of noise
    return raw[..., np.newaxis].astype("float32") / 255.0
