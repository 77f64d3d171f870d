def reparameterize(z_mean, z_log_var, epsilon):
    return ops.add(z_mean, ops.multiply(ops.sqrt(ops.exp(z_log_var)), epsilon))
