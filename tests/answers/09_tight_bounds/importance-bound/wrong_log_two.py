# fails: test_stable
# says: as elsewhere
def importance_weighted_bound(log_weights):
    return logsumexp(log_weights, axis=1) - np.log2(log_weights.shape[1])
