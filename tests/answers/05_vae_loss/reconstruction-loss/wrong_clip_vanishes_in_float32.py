# fails: test_finite_at_zero_and_one
# says: not finite
def reconstruction_loss(images, reconstructions):
    r = ops.clip(reconstructions, 1e-12, 1 - 1e-12)
    return -ops.sum(images * ops.log(r) + (1 - images) * ops.log(1 - r), axis=(1, 2, 3))
