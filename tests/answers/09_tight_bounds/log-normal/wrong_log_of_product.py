# fails: test_density_of_a_gaussian
# says: log 0 is −∞
def log_normal(z, mean, log_var):
    sigma = np.exp(log_var / 2)
    density = np.exp(-0.5 * ((z - mean) / sigma) ** 2) / (np.sqrt(2 * np.pi) * sigma)
    return np.log(np.prod(density, axis=-1))
