def reparameterize(z_mean, z_log_var, epsilon):
    sigma = tf.exp(z_log_var * 0.5)
    return epsilon * sigma + z_mean
