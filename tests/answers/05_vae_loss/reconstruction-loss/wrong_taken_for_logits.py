# fails: test_finite_at_zero_and_one
# says: leave out `from_logits=True`
def reconstruction_loss(images, reconstructions):
    return ops.sum(ops.binary_crossentropy(images, reconstructions, from_logits=True), axis=(1, 2, 3))
