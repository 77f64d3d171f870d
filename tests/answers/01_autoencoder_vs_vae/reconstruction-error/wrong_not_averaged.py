# fails: test_one_number_for_each_image
# says: each pixel
def reconstruction_error(images, reconstructions):
    return np.square(images - reconstructions)
