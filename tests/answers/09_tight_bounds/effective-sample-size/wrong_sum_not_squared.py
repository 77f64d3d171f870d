# fails: test_square_of_the_sum
# says: isn't squared
def effective_sample_size(log_weights):
    return np.exp(logsumexp(log_weights, axis=1) - logsumexp(2 * log_weights, axis=1))
