# fails: test_closed_form
# says: never negative
def kl_divergence(z_mean, z_log_var):
    return 0.5 * ops.sum(1 + z_log_var - z_mean**2 - ops.exp(z_log_var), axis=-1)
