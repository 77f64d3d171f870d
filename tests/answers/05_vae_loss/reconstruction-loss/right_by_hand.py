def reconstruction_loss(images, reconstructions):
    r = ops.clip(reconstructions, 1e-7, 1 - 1e-7)
    each = images * ops.log(r) + (1 - images) * ops.log(1 - r)
    return -ops.sum(ops.reshape(each, (ops.shape(each)[0], -1)), axis=1)
