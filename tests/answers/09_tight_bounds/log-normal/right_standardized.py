def log_normal(z, mean, log_var):
    log_var = np.broadcast_to(log_var, np.shape(z))
    epsilon = (z - mean) / np.exp(log_var / 2)
    d = z.shape[-1]
    return -0.5 * (d * np.log(2 * np.pi) + log_var.sum(axis=-1) + (epsilon**2).sum(axis=-1))
