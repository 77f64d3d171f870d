def aggregate_posterior_log_density(z, z_mean, z_log_var):
    sigma = np.exp(0.5 * z_log_var)

    def at(point):
        log_terms = np.sum(-0.5 * ((point - z_mean) / sigma) ** 2 - np.log(sigma * np.sqrt(2 * np.pi)), axis=1)
        largest = log_terms.max()
        return largest + np.log(np.exp(log_terms - largest).mean())

    return [float(at(point)) for point in z]
