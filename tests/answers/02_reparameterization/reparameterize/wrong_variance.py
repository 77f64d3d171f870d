# fails: test_noise_is_scaled_by_sigma
# says: multiplied by the variance
def reparameterize(z_mean, z_log_var, epsilon):
    return z_mean + ops.exp(z_log_var) * epsilon
