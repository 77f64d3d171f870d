def kl_divergence(z_mean, z_log_var):
    each = ops.expm1(z_log_var) - z_log_var + ops.power(z_mean, 2)
    return ops.sum(each, axis=-1) / 2
