def log_normal(z, mean, log_var):
    z, mean, log_var = (ops.convert_to_tensor(a, dtype="float32") for a in (z, mean, log_var))
    terms = float(np.log(2 * np.pi)) + log_var + (z - mean) ** 2 / ops.exp(log_var)
    return ops.convert_to_numpy(-0.5 * ops.sum(terms, axis=-1))
