# fails: test_images_of_any_shape
# says: any shape
def reconstruction_error(images, reconstructions):
    return np.square(images - reconstructions).reshape(len(images), -1).sum(axis=1) / 784
