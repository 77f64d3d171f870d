def implied_log_var(z_log_var):
    return ops.log(ops.exp(z_log_var) ** 2)
