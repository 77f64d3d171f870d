# fails: test_implied_log_variance
# says: take its logarithm
def implied_log_var(z_log_var):
    return ops.exp(2 * z_log_var)
