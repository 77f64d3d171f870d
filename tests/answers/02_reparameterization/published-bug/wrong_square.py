# fails: test_implied_log_variance
# says: squared
def implied_log_var(z_log_var):
    return z_log_var**2
