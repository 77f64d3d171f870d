# fails: test_mean_of_the_densities
# says: logarithm of the *variance*
def aggregate_posterior_log_density(z, z_mean, z_log_var):
    out = []
    for point in z:
        each = stats.norm.logpdf(point, z_mean, np.exp(z_log_var)).sum(axis=1)
        out.append(logsumexp(each) - np.log(len(z_mean)))
    return np.array(out)
