# fails: test_noise_is_scaled_by_sigma
# says: belongs to the variance
def reparameterize(z_mean, z_log_var, epsilon):
    return z_mean + ops.sqrt(z_log_var) * epsilon
