def implied_log_var(z_log_var):
    return z_log_var + z_log_var
