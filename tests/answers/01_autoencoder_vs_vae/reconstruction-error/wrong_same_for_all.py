# fails: test_mean_squared_error
# says: all images
def reconstruction_error(images, reconstructions):
    return np.full(len(images), np.square(images - reconstructions).mean())
