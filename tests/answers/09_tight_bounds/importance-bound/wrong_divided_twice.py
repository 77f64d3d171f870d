# fails: test_log_of_the_mean
# says: twice
def importance_weighted_bound(log_weights):
    k = log_weights.shape[1]
    return logsumexp(log_weights, axis=1, b=1 / k) - np.log(k)
