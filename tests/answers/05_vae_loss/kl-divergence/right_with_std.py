def kl_divergence(z_mean, z_log_var):
    sigma = ops.exp(z_log_var / 2)
    each = 0.5 * (sigma * sigma + z_mean * z_mean - 1) - ops.log(sigma)
    return ops.sum(each, axis=-1)
