def aggregate_posterior_log_density(z, z_mean, z_log_var):
    total = np.full(len(z), -np.inf)
    for mean, log_var in zip(z_mean, z_log_var):
        log_density = -0.5 * (((z - mean) ** 2 / np.exp(log_var)) + log_var + math.log(2 * math.pi)).sum(axis=1)
        total = np.logaddexp(total, log_density)
    return total - math.log(len(z_mean))
