# fails: test_images_of_any_size
# says: channels are averaged
def reconstruction_loss(images, reconstructions):
    return ops.sum(keras.losses.binary_crossentropy(images, reconstructions), axis=(1, 2))
