# fails: test_one_number_for_each_image
# says: over the batch
def reconstruction_loss(images, reconstructions):
    return ops.sum(ops.binary_crossentropy(images, reconstructions))
