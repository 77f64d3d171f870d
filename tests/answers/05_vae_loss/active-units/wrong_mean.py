# fails: test_counts_active_dimensions
# says: far from 0
def active_units(z_means, threshold=0.01):
    return int(np.sum(np.abs(np.mean(z_means, axis=0)) > threshold))
