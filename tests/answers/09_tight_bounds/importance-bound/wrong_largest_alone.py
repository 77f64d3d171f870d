# fails: test_log_of_the_mean
# says: largest log-weight
def importance_weighted_bound(log_weights):
    return log_weights.max(axis=1)
