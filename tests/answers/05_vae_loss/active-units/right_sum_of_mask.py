def active_units(z_means, threshold=0.01):
    return int((np.var(z_means, axis=0) > threshold).sum())
