# fails: test_from_bytes_to_shares
# says: divide by 255
def prepare_images(raw):
    return raw[..., np.newaxis].astype("float32")
