# fails: test_std_away_from_zero
# says: variance
def std_from_log_var(z_log_var):
    return ops.exp(z_log_var)
