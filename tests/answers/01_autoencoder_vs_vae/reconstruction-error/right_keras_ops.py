def reconstruction_error(images, reconstructions):
    squares = ops.square(ops.convert_to_tensor(images) - ops.convert_to_tensor(reconstructions))
    return ops.mean(ops.reshape(squares, (ops.shape(squares)[0], -1)), axis=1)
