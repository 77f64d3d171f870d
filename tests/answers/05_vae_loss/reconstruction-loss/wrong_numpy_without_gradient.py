# fails: test_one_number_for_each_image
# says: no gradient
def reconstruction_loss(images, reconstructions):
    x, r = np.asarray(images), np.clip(np.asarray(reconstructions), 1e-7, 1 - 1e-7)
    return -(x * np.log(r) + (1 - x) * np.log(1 - r)).sum(axis=(1, 2, 3))
