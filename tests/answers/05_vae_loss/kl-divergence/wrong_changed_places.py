# fails: test_closed_form
# says: changed places
def kl_divergence(z_mean, z_log_var):
    return 0.5 * ops.sum(ops.exp(z_mean) + z_log_var**2 - 1 - z_mean, axis=-1)
