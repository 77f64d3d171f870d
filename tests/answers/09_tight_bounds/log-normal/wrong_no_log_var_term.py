# fails: test_density_of_a_gaussian
# says: log σ² is missing
def log_normal(z, mean, log_var):
    return -0.5 * np.sum(np.log(2 * np.pi) + (z - mean) ** 2 / np.exp(log_var), axis=-1)
