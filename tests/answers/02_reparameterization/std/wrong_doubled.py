# fails: test_std_away_from_zero
# says: squared
def std_from_log_var(z_log_var):
    return ops.exp(2 * z_log_var)
