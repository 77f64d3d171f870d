def interpolate(z_start, z_end, steps):
    return np.linspace(z_start, z_end, num=steps)
