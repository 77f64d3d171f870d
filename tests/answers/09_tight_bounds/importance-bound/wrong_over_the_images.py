# fails: test_log_of_the_mean
# says: runs over the images
def importance_weighted_bound(log_weights):
    return logsumexp(log_weights, axis=0) - np.log(log_weights.shape[0])
