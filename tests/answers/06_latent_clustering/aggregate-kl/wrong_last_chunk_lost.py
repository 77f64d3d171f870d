# fails: test_bounded_memory
# says: last chunk included
def aggregate_posterior_log_density(z, z_mean, z_log_var):
    size = min(100, len(z))
    out = []
    for i in range(len(z) // size):
        points = z[i * size : (i + 1) * size, None]
        each = stats.norm.logpdf(points, z_mean, np.exp(0.5 * z_log_var)).sum(axis=2)
        out.append(logsumexp(each, axis=1) - np.log(len(z_mean)))
    return np.concatenate(out)
