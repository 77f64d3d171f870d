# fails: test_shapes_broadcast
# says: log σ² was added once
# loses: 0.5
def log_normal(z, mean, log_var):
    d = z.shape[-1]
    squared = np.sum((z - mean) ** 2 / np.exp(log_var), axis=-1)
    of_log_var = np.sum(log_var, axis=-1) if np.ndim(log_var) else log_var
    return -0.5 * (d * np.log(2 * np.pi) + of_log_var + squared)
