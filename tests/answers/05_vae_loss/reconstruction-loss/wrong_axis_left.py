# fails: test_one_number_for_each_image
# says: height, width and channels
def reconstruction_loss(images, reconstructions):
    return ops.sum(ops.binary_crossentropy(images, reconstructions), axis=(1, 2))
