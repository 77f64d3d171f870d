# fails: test_one_number_for_each_image
# says: return
def reconstruction_error(images, reconstructions):
    errors = np.square(images - reconstructions).mean(axis=(1, 2, 3))
