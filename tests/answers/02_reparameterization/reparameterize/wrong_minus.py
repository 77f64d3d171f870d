# fails: test_noise_is_scaled_by_sigma
# says: subtracted
def reparameterize(z_mean, z_log_var, epsilon):
    return z_mean - ops.exp(0.5 * z_log_var) * epsilon
