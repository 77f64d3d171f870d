# fails: test_zero_at_the_prior
# says: keepdims
# loses: 0.5
def kl_divergence(z_mean, z_log_var):
    return 0.5 * ops.sum(ops.exp(z_log_var) + z_mean**2 - 1 - z_log_var, axis=-1, keepdims=True)
