# fails: test_zero_at_the_prior
# says: logarithm of σ² already
def kl_divergence(z_mean, z_log_var):
    return 0.5 * ops.sum(z_log_var**2 + z_mean**2 - 1 - ops.log(z_log_var**2), axis=-1)
