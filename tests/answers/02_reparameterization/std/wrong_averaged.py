# fails: test_std_away_from_zero
# says: σ should be
def std_from_log_var(z_log_var):
    return ops.mean(ops.exp(0.5 * z_log_var))
