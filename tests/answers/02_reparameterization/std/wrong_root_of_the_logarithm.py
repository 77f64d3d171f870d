# fails: test_std_away_from_zero
# says: belongs to the variance
def std_from_log_var(z_log_var):
    return ops.sqrt(z_log_var)
