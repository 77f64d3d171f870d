def active_units(z_means, threshold=0.01):
    z = np.asarray(z_means, "float64")
    return len(np.flatnonzero((z**2).mean(axis=0) - z.mean(axis=0) ** 2 > threshold))
