def interpolate(z_start, z_end, steps):
    share = np.arange(steps)[:, np.newaxis] / (steps - 1)
    return (1 - share) * z_start + share * z_end
