# fails: test_mean_squared_error
# says: cancel
def reconstruction_error(images, reconstructions):
    return (images - reconstructions).mean(axis=(1, 2, 3))
