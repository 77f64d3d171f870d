# fails: test_mean_of_the_densities
# says: log 2π
def aggregate_posterior_log_density(z, z_mean, z_log_var):
    out = []
    for point in z:
        each = -0.5 * np.sum((point - z_mean) ** 2 / np.exp(z_log_var) + z_log_var, axis=1)
        out.append(logsumexp(each) - np.log(len(z_mean)))
    return np.array(out)
