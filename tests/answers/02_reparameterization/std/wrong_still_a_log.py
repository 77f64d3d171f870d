# fails: test_std_away_from_zero
# says: logarithm
def std_from_log_var(z_log_var):
    return 0.5 * z_log_var
