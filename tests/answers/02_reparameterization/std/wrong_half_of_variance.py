# fails: test_log_variance_zero_means_one
# says: standard deviation of 1
def std_from_log_var(z_log_var):
    return 0.5 * ops.exp(z_log_var)
