# fails: test_cross_entropy_is_summed_over_the_pixels
# says: is missing
def reconstruction_loss(images, reconstructions):
    return -ops.sum(images * ops.log(ops.clip(reconstructions, 1e-7, 1.0)), axis=(1, 2, 3))
