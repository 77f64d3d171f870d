def implied_log_var(z_log_var):
    return 2 * z_log_var
