def reconstruction_loss(images, reconstructions):
    flat = keras.layers.Flatten()
    x, r = flat(images), flat(reconstructions)
    return keras.losses.binary_crossentropy(x, r) * x.shape[1]
