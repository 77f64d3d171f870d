# fails: test_no_noise_is_the_mean
# says: epsilon is 0
def reparameterize(z_mean, z_log_var, epsilon):
    return z_mean + ops.exp(0.5 * z_log_var) * keras.random.normal(ops.shape(z_mean))
