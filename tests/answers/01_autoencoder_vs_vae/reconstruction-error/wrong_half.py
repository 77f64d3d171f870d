# fails: test_mean_squared_error
# says: ½
def reconstruction_error(images, reconstructions):
    return 0.5 * np.square(images - reconstructions).mean(axis=(1, 2, 3))
