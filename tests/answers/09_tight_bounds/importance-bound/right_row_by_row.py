def importance_weighted_bound(log_weights):
    bounds = []
    for row in log_weights:
        bounds.append(logsumexp(row) - np.log(len(row)))
    return np.array(bounds)
