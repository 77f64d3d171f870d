# fails: test_square_of_the_sum
# says: entropy
def effective_sample_size(log_weights):
    log_shares = log_weights - logsumexp(log_weights, axis=1, keepdims=True)
    return np.exp(-np.sum(np.exp(log_shares) * log_shares, axis=1))
