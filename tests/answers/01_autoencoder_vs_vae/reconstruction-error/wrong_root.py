# fails: test_mean_squared_error
# says: root
def reconstruction_error(images, reconstructions):
    return np.sqrt(np.square(images - reconstructions).mean(axis=(1, 2, 3)))
