# fails: test_cross_entropy_is_summed_over_the_pixels
# says: mean over the pixels
def reconstruction_loss(images, reconstructions):
    return ops.mean(ops.binary_crossentropy(images, reconstructions), axis=(1, 2, 3))
