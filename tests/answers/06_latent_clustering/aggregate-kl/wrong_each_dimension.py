# fails: test_mean_of_the_densities
# says: each dimension on its own
def aggregate_posterior_log_density(z, z_mean, z_log_var):
    out = []
    for point in z:
        each = stats.norm.logpdf(point, z_mean, np.exp(0.5 * z_log_var))
        out.append(logsumexp(each, axis=0).sum() - z.shape[1] * np.log(len(z_mean)))
    return np.array(out)
