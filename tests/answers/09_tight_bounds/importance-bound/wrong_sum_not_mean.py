# fails: test_log_of_the_mean
# says: log of the *sum*
def importance_weighted_bound(log_weights):
    return logsumexp(log_weights, axis=1)
