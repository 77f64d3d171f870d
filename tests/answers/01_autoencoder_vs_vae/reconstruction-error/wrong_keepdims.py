# fails: test_one_number_for_each_image
# says: shape (n,)
# loses: 1
def reconstruction_error(images, reconstructions):
    return np.square(images - reconstructions).reshape(len(images), -1).mean(axis=1, keepdims=True)
