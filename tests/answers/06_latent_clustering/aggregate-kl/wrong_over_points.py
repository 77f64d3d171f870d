# fails: test_mean_of_the_densities
# says: runs over the points
def aggregate_posterior_log_density(z, z_mean, z_log_var):
    each = np.stack([stats.norm.logpdf(z, m, np.exp(0.5 * v)).sum(axis=1) for m, v in zip(z_mean, z_log_var)])
    return logsumexp(each, axis=1) - np.log(len(z))
