# fails: test_log_of_the_mean
# says: number of images
def importance_weighted_bound(log_weights):
    return logsumexp(log_weights, axis=1) - np.log(len(log_weights))
