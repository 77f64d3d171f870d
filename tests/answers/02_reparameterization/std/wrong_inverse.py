# fails: test_std_away_from_zero
# says: sign
def std_from_log_var(z_log_var):
    return ops.exp(-0.5 * z_log_var)
