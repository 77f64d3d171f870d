def aggregate_posterior_log_density(z, z_mean, z_log_var):
    z_mean, z_log_var = (ops.convert_to_tensor(part, dtype="float32") for part in (z_mean, z_log_var))
    found = []
    for start in range(0, len(z), 256):
        points = ops.convert_to_tensor(z[start : start + 256], dtype="float32")[:, None]
        terms = -0.5 * ((points - z_mean) ** 2 * ops.exp(-z_log_var) + z_log_var + math.log(2 * math.pi))
        found.append(ops.logsumexp(ops.sum(terms, axis=-1), axis=1))
    return ops.concatenate(found) - math.log(z_mean.shape[0])
