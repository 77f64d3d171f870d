# fails: test_std_for_any_shape
# says: any log-variance
def std_from_log_var(z_log_var):
    return ops.exp(0.5 * ops.clip(z_log_var, -4.0, 4.0))
