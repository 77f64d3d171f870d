def reconstruction_loss(images, reconstructions):
    tiny = 1e-7
    each = images * ops.log(reconstructions + tiny) + (1 - images) * ops.log(1 - reconstructions + tiny)
    return -ops.sum(each, axis=(1, 2, 3))
