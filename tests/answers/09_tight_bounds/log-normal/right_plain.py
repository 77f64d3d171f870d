def log_normal(z, mean, log_var):
    return -0.5 * (np.log(2 * np.pi) + log_var + (z - mean) ** 2 * np.exp(-log_var)).sum(axis=-1)
