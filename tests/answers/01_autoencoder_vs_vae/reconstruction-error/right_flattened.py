def reconstruction_error(images, reconstructions):
    difference = (images - reconstructions).reshape(len(images), -1)
    return np.einsum("ij,ij->i", difference, difference) / difference.shape[1]
