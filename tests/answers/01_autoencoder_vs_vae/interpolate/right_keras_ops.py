def interpolate(z_start, z_end, steps):
    start, end = (ops.convert_to_tensor(z, dtype="float32") for z in (z_start, z_end))
    t = ops.linspace(0.0, 1.0, steps)[:, None]
    return start + t * (end - start)
