# fails: test_counts_active_dimensions
# says: whole number
def active_units(z_means, threshold=0.01):
    return float(np.sum(np.var(z_means, axis=0) > threshold))
