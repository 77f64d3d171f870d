# fails: test_images_of_any_size
# says: 784 pixels
def reconstruction_loss(images, reconstructions):
    each = keras.losses.binary_crossentropy(images, reconstructions)
    return 784 * ops.mean(each, axis=(1, 2))
