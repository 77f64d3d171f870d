# fails: test_std_away_from_zero
# says: a logarithm already
def std_from_log_var(z_log_var):
    return 0.5 * ops.log(z_log_var)
