# fails: test_from_bytes_to_shares
# says: 256
def prepare_images(raw):
    return raw[..., np.newaxis].astype("float32") / 256.0
