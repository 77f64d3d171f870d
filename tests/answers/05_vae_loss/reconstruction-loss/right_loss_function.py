def reconstruction_loss(images, reconstructions):
    each = keras.losses.binary_crossentropy(images[..., None], reconstructions[..., None])
    return keras.ops.sum(each, axis=[1, 2, 3])
