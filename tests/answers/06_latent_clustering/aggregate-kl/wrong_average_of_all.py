# fails: test_mean_of_the_densities
# says: This is one number
def aggregate_posterior_log_density(z, z_mean, z_log_var):
    out = []
    for part in np.array_split(z, 20):
        each = (-0.5 * ((part[:, None] - z_mean) ** 2 / np.exp(z_log_var) + z_log_var + np.log(2 * np.pi))).sum(axis=2)
        out.append(logsumexp(each, axis=1) - np.log(len(z_mean)))
    return float(np.mean(np.concatenate(out)))
