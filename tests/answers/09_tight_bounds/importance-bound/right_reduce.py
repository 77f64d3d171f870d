def importance_weighted_bound(log_weights):
    n, k = log_weights.shape
    return np.logaddexp.reduce(log_weights, axis=1) - np.log(k)
