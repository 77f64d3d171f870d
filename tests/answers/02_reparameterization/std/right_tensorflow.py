def std_from_log_var(z_log_var):
    return tf.math.exp(tf.multiply(z_log_var, 0.5))
