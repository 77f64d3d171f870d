# fails: test_adds_up_over_dimensions
# says: no gradient
def kl_divergence(z_mean, z_log_var):
    m, s = np.asarray(z_mean), np.asarray(z_log_var)
    return 0.5 * (np.exp(s) + m**2 - 1 - s).sum(axis=-1)
