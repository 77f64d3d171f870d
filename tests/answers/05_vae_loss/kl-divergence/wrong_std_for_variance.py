# fails: test_closed_form
# says: standard deviation
def kl_divergence(z_mean, z_log_var):
    return 0.5 * ops.sum(ops.exp(0.5 * z_log_var) + z_mean**2 - 1 - z_log_var, axis=-1)
