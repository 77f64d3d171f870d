# fails: test_from_bytes_to_shares
# says: sigmoid
def prepare_images(raw):
    return raw[..., np.newaxis].astype("float32") / 127.5 - 1.0
