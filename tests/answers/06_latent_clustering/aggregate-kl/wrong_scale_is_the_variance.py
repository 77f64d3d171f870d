# fails: test_mean_of_the_densities
# says: was taken as log σ
# loses: 2
def aggregate_posterior_log_density(z, z_mean, z_log_var):
    scale = np.exp(z_log_var)
    return np.array([logsumexp(stats.norm.logpdf(p, z_mean, scale).sum(1)) for p in z]) - np.log(len(z_mean))
