# fails: test_density_of_a_gaussian
# says: log_var is taken for log σ
def log_normal(z, mean, log_var):
    return -0.5 * np.sum(np.log(2 * np.pi) + 2 * log_var + (z - mean) ** 2 / np.exp(log_var) ** 2, axis=-1)
