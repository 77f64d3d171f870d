# fails: test_from_bytes_to_shares
# says: largest value in these images
def prepare_images(raw):
    return raw[..., np.newaxis].astype("float32") / raw.max()
