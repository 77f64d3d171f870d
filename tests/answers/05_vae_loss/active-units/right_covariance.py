def active_units(z_means, threshold=0.01):
    z = np.asarray(z_means, "float64")
    centered = z - z.mean(axis=0, keepdims=True)
    return int(np.count_nonzero(np.diag(centered.T @ centered / len(z)) > threshold))
