# fails: test_counts_active_dimensions
# says: whether
def active_units(z_means, threshold=0.01):
    return bool(np.any(np.var(z_means, axis=0) > threshold))
