# fails: test_one_number_for_each_image
# says: each pixel has a number
def reconstruction_loss(images, reconstructions):
    return ops.binary_crossentropy(images, reconstructions)
