# fails: test_log_of_the_mean
# says: mean of the logs
def importance_weighted_bound(log_weights):
    return log_weights.mean(axis=1)
