# fails: test_noise_is_scaled_by_sigma
# says: not scaled
def reparameterize(z_mean, z_log_var, epsilon):
    return z_mean + epsilon
