# fails: test_square_of_the_sum
# says: share of K
def effective_sample_size(log_weights):
    return np.exp(2 * logsumexp(log_weights, axis=1) - logsumexp(2 * log_weights, axis=1)) / log_weights.shape[1]
