# fails: test_implied_log_variance
# says: logarithm of its square
def implied_log_var(z_log_var):
    return ops.exp(z_log_var)
