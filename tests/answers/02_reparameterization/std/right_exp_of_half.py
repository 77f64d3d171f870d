def std_from_log_var(z_log_var):
    return ops.exp(z_log_var / 2)
