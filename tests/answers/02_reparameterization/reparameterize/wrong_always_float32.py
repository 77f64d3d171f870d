# fails: test_data_type_is_kept
# says: data type of the inputs
def reparameterize(z_mean, z_log_var, epsilon):
    return ops.cast(z_mean + ops.exp(0.5 * z_log_var) * epsilon, "float32")
