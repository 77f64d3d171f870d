# fails: test_from_bytes_to_shares
# says: exchanged
def prepare_images(raw):
    return 1.0 - raw[..., np.newaxis].astype("float32") / 255.0
