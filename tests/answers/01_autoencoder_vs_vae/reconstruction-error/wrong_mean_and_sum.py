# fails: test_mean_squared_error
# says: one axis
def reconstruction_error(images, reconstructions):
    return np.square(images - reconstructions).mean(axis=2).sum(axis=(1, 2))
