def reconstruction_error(images, reconstructions):
    flat = (ops.reshape(x, (len(x), -1)) for x in (images, reconstructions))
    return keras.losses.mean_squared_error(*flat)
