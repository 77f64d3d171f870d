def active_units(z_means, threshold=0.01):
    return ops.sum(ops.cast(ops.var(z_means, axis=0) > threshold, "int32"))
