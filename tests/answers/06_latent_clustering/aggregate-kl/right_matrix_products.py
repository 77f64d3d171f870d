def aggregate_posterior_log_density(z, z_mean, z_log_var):
    z, z_mean, z_log_var = (np.asarray(part, "float64") for part in (z, z_mean, z_log_var))
    precision = np.exp(-z_log_var)
    constant = np.sum(z_mean**2 * precision + z_log_var + np.log(2 * np.pi), axis=1)
    out = np.empty(len(z))
    for i in range(0, len(z), 128):
        part = z[i : i + 128]
        table = -0.5 * (part**2 @ precision.T - 2 * part @ (z_mean * precision).T + constant)
        top = table.max(axis=1, keepdims=True)
        out[i : i + 128] = top[:, 0] + np.log(np.mean(np.exp(table - top), axis=1))
    return out
