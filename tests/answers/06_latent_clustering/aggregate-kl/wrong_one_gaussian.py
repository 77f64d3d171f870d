# fails: test_mean_of_the_densities
# says: one Gaussian
def aggregate_posterior_log_density(z, z_mean, z_log_var):
    mean, log_var = z_mean.mean(axis=0), z_log_var.mean(axis=0)
    return stats.norm.logpdf(z, mean, np.exp(0.5 * log_var)).sum(axis=1)
