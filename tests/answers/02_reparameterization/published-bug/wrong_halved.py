# fails: test_implied_log_variance
# says: wrong way round
def implied_log_var(z_log_var):
    return 0.5 * z_log_var
