def importance_weighted_bound(log_weights):
    log_weights = ops.convert_to_tensor(log_weights, dtype="float64")
    return ops.convert_to_numpy(ops.logsumexp(log_weights, axis=1)) - np.log(log_weights.shape[1])
