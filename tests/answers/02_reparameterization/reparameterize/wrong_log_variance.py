# fails: test_noise_is_scaled_by_sigma
# says: log-variance itself
def reparameterize(z_mean, z_log_var, epsilon):
    return z_mean + z_log_var * epsilon
