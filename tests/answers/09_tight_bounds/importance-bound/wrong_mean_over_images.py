# fails: test_log_of_the_mean
# says: averaged over the images
def importance_weighted_bound(log_weights):
    return np.mean(logsumexp(log_weights, axis=1) - np.log(log_weights.shape[1]))
