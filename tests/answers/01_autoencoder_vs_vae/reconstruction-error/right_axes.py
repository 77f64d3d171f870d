def reconstruction_error(images, reconstructions):
    return np.mean((images - reconstructions) ** 2, axis=tuple(range(1, np.ndim(images))))
