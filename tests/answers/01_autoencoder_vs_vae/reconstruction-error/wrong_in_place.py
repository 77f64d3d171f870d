# fails: test_mean_squared_error
# says: have changed
def reconstruction_error(images, reconstructions):
    images -= reconstructions
    images **= 2
    return images.reshape(len(images), -1).mean(axis=1)
