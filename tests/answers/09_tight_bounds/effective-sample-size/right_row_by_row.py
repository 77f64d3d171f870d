def effective_sample_size(log_weights):
    found = []
    for row in log_weights:
        found.append(np.exp(2 * logsumexp(row) - logsumexp(2 * row)))
    return np.array(found)
