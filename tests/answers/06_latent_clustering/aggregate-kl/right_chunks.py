def aggregate_posterior_log_density(z, z_mean, z_log_var):
    z, z_mean, z_log_var = (np.asarray(part, "float64") for part in (z, z_mean, z_log_var))
    parts = []
    for start in range(0, len(z), 200):
        chunk = z[start : start + 200, None]
        each = stats.norm.logpdf(chunk, z_mean, np.exp(z_log_var / 2)).sum(axis=-1)
        parts.append(logsumexp(each, axis=1, b=1 / len(z_mean)))
    return np.concatenate(parts)
