# fails: test_density_of_a_gaussian
# says: ½
def log_normal(z, mean, log_var):
    return -np.sum(np.log(2 * np.pi) + log_var + (z - mean) ** 2 / np.exp(log_var), axis=-1)
