# fails: test_any_number_of_dimensions
# says: any latent_dim
def kl_divergence(z_mean, z_log_var):
    s = ops.clip(z_log_var, -3, 2)
    return 0.5 * ops.sum(ops.exp(s) + z_mean**2 - 1 - s, axis=-1)
