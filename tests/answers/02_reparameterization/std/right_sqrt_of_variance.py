def std_from_log_var(z_log_var):
    return keras.ops.sqrt(keras.ops.exp(z_log_var))
