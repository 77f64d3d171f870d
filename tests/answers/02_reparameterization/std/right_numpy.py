def std_from_log_var(z_log_var):
    return np.exp(0.5 * np.asarray(z_log_var))
