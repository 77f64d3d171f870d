# fails: test_log_of_the_mean
# says: log K is added
def importance_weighted_bound(log_weights):
    return logsumexp(log_weights, axis=1) + np.log(log_weights.shape[1])
