# fails: test_mean_of_the_densities
# says: return its logarithm
def aggregate_posterior_log_density(z, z_mean, z_log_var):
    out = []
    for point in z:
        out.append(stats.norm.pdf(point, z_mean, np.exp(0.5 * z_log_var)).prod(axis=1).mean())
    return np.array(out)
