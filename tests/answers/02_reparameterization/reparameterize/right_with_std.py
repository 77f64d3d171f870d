def reparameterize(z_mean, z_log_var, epsilon):
    return z_mean + std_from_log_var(z_log_var) * epsilon
