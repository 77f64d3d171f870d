# fails: test_mean_squared_error
# says: cancelled
def reconstruction_error(images, reconstructions):
    return np.square((images - reconstructions).mean(axis=(1, 2, 3)))
