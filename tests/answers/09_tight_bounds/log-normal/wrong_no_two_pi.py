# fails: test_density_of_a_gaussian
# says: log 2π is missing
def log_normal(z, mean, log_var):
    return -0.5 * np.sum(log_var + (z - mean) ** 2 / np.exp(log_var), axis=-1)
