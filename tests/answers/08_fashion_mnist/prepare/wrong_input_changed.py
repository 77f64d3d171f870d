# fails: test_raw_pictures_stay_as_they_were
# says: divided by 255
def prepare_images(raw):
    raw[raw < 5] = 0  # get rid of noise
    return raw[..., np.newaxis].astype("float32") / 255.0
