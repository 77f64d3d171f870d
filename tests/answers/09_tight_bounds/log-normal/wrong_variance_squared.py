# fails: test_density_of_a_gaussian
# says: σ⁴
def log_normal(z, mean, log_var):
    return -0.5 * np.sum(np.log(2 * np.pi) + log_var + ((z - mean) / np.exp(log_var)) ** 2, axis=-1)
