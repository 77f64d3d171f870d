# fails: test_noise_is_stretched_by_sigma
# says: changed places
def reparameterize(z_mean, z_log_var, epsilon):
    return epsilon + ops.exp(0.5 * z_log_var) * z_mean
