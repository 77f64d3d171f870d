# fails: test_one_number_for_each_image
# says: keep the images
def reconstruction_error(images, reconstructions):
    return np.mean((images - reconstructions) ** 2, axis=0)
