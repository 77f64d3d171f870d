# fails: test_variance_against_the_threshold
# says: use `>`
def active_units(z_means, threshold=0.01):
    return int(np.sum(np.var(z_means, axis=0) >= threshold))
