# fails: test_counts_active_dimensions
# says: Count them
def active_units(z_means, threshold=0.01):
    return np.var(z_means, axis=0) > threshold
