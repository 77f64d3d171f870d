# fails: test_mean_squared_error
# says: absolute
def reconstruction_error(images, reconstructions):
    return np.abs(images - reconstructions).mean(axis=(1, 2, 3))
