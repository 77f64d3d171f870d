# fails: test_square_of_the_sum
# says: inverse
def effective_sample_size(log_weights):
    return np.exp(logsumexp(2 * log_weights, axis=1) - 2 * logsumexp(log_weights, axis=1))
