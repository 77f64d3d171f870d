# fails: test_mean_of_the_densities
# says: logarithm of the *variance*
def aggregate_posterior_log_density(z, z_mean, z_log_var):
    out = []
    for part in np.array_split(z, 20):
        each = stats.norm.logpdf(part[:, None], z_mean, np.exp(z_log_var)).sum(axis=2)
        out.append(logsumexp(each, axis=1) - np.log(len(z_mean)))
    return np.concatenate(out)
