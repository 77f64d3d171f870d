# fails: test_images_of_any_shape
# says: raised
def reconstruction_error(images, reconstructions):
    return np.square(images - reconstructions).mean(axis=(1, 2, 3))
