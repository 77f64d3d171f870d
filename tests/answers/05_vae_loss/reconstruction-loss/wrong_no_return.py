# fails: test_one_number_for_each_image
# says: return
def reconstruction_loss(images, reconstructions):
    ops.sum(ops.binary_crossentropy(images, reconstructions), axis=(1, 2, 3))
