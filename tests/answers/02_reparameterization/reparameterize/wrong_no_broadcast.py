# fails: test_noise_broadcasts
# says: reparameterize
def reparameterize(z_mean, z_log_var, epsilon):
    return z_mean + ops.exp(0.5 * z_log_var) * ops.reshape(epsilon, ops.shape(z_mean))
