def importance_weighted_bound(log_weights):
    return logsumexp(log_weights, axis=1, b=1 / log_weights.shape[1])
