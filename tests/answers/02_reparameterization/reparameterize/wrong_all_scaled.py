# fails: test_noise_is_scaled_by_sigma
# says: z_mean is scaled
def reparameterize(z_mean, z_log_var, epsilon):
    return ops.exp(0.5 * z_log_var) * (z_mean + epsilon)
