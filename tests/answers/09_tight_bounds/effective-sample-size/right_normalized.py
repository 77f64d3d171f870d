def effective_sample_size(log_weights):
    weights = np.exp(log_weights - logsumexp(log_weights, axis=1, keepdims=True))
    return 1 / np.sum(weights**2, axis=1)
