# fails: test_log_of_the_mean
# says: logarithm is divided by K
def importance_weighted_bound(log_weights):
    return logsumexp(log_weights, axis=1) / log_weights.shape[1]
