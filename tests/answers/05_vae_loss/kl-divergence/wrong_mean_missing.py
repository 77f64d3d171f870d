# fails: test_closed_form
# says: z_mean is missing
def kl_divergence(z_mean, z_log_var):
    return 0.5 * ops.sum(ops.exp(z_log_var) - 1 - z_log_var, axis=-1)
