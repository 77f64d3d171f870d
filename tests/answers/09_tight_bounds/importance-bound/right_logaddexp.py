def importance_weighted_bound(log_weights):
    return np.logaddexp.reduce(log_weights, axis=-1) - np.log(log_weights.shape[-1])
