# fails: test_mean_of_the_densities
# says: This is one number
def aggregate_posterior_log_density(z, z_mean, z_log_var):
    out = []
    for point in z:
        each = stats.norm.logpdf(point, z_mean, np.exp(0.5 * z_log_var)).sum(axis=1)
        out.append(logsumexp(each) - np.log(len(z_mean)))
    return float(np.mean(out))
