# fails: test_variance_against_the_threshold
# says: no other measure
def active_units(z_means, threshold=0.01):
    return int((np.ptp(z_means, axis=0) > threshold).sum())
