# fails: test_noise_is_stretched_by_sigma
# says: not stretched
def reparameterize(z_mean, z_log_var, epsilon):
    return z_mean + epsilon
