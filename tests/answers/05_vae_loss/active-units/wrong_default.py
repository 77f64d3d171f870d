# fails: test_variance_against_the_threshold
# says: 0.01
def active_units(z_means, threshold=0.02):
    return int(np.sum(np.var(z_means, axis=0) > threshold))
