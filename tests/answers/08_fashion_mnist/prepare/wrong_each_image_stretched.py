# fails: test_from_bytes_to_shares
# says: largest value in these images
def prepare_images(raw):
    images = raw[..., np.newaxis].astype("float32")
    return images / images.max(axis=(1, 2, 3), keepdims=True)
