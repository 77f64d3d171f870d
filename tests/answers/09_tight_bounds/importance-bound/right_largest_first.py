def importance_weighted_bound(log_weights):
    largest = log_weights.max(axis=1, keepdims=True)
    return largest[:, 0] + np.log(np.mean(np.exp(log_weights - largest), axis=1))
