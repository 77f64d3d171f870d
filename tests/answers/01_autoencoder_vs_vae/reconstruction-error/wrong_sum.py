# fails: test_mean_squared_error
# says: summed
def reconstruction_error(images, reconstructions):
    return np.square(images - reconstructions).sum(axis=(1, 2, 3))
