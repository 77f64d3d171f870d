def active_units(z_means, threshold=0.01):
    return int(ops.sum(ops.cast(ops.var(ops.convert_to_tensor(z_means), axis=0) > threshold, "int32")))
