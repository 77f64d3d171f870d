# fails: test_mean_squared_error
# says: canceled
def reconstruction_error(images, reconstructions):
    return np.square((images - reconstructions).mean(axis=(1, 2, 3)))
