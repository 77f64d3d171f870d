# fails: test_bounded_memory
# says: in chunks
# loses: 0.5
def aggregate_posterior_log_density(z, z_mean, z_log_var):
    squares = (z[:, None] - z_mean) ** 2 / np.exp(z_log_var)
    each = -0.5 * np.sum(squares + z_log_var + np.log(2 * np.pi), axis=2)
    return logsumexp(each, axis=1) - np.log(len(z_mean))
