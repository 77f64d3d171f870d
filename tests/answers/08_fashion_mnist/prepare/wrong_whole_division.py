# fails: test_from_bytes_to_shares
# says: integers
def prepare_images(raw):
    return (raw[..., np.newaxis] // 255).astype("float32")
