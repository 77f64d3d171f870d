# fails: test_noise_is_scaled_by_sigma
# says: swapped
def reparameterize(z_mean, z_log_var, epsilon):
    return epsilon + ops.exp(0.5 * z_log_var) * z_mean
