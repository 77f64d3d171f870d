def interpolate(z_start, z_end, steps):
    return [z_start + t * (z_end - z_start) for t in np.linspace(0, 1, steps)]
