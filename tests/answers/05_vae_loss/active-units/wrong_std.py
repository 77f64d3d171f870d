# fails: test_variance_against_the_threshold
# says: standard deviation
def active_units(z_means, threshold=0.01):
    return int(np.sum(np.std(z_means, axis=0) > threshold))
