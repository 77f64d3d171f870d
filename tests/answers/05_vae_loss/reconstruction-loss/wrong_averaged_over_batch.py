# fails: test_one_number_for_each_image
# says: own number
def reconstruction_loss(images, reconstructions):
    return ops.mean(ops.sum(ops.binary_crossentropy(images, reconstructions), axis=(1, 2, 3)))
