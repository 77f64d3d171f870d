# fails: test_log_of_the_mean
# says: one number
def importance_weighted_bound(log_weights):
    return logsumexp(log_weights) - np.log(log_weights.size)
