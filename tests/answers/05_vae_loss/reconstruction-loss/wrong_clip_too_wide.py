# fails: test_finite_at_zero_and_one
# says: too large
def reconstruction_loss(images, reconstructions):
    r = ops.clip(reconstructions, 0.01, 0.99)
    return ops.sum(ops.binary_crossentropy(images, r), axis=(1, 2, 3))
