# fails: test_finite_at_zero_and_one
# says: not finite
def reconstruction_loss(images, reconstructions):
    each = images * ops.log(reconstructions) + (1 - images) * ops.log(1 - reconstructions)
    return -ops.sum(each, axis=(1, 2, 3))
