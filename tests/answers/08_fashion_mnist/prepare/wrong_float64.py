# fails: test_float32
# says: float64
# loses: 0.5
def prepare_images(raw):
    return raw[..., np.newaxis] / 255.0
