# fails: test_square_of_the_sum
# says: divided by the largest
def effective_sample_size(log_weights):
    return np.exp(logsumexp(log_weights, axis=1) - log_weights.max(axis=1))
