def reconstruction_error(images, reconstructions):
    return [float(np.square(a - b).mean()) for a, b in zip(images, reconstructions)]
