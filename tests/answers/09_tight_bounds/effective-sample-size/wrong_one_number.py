# fails: test_square_of_the_sum
# says: All images are in one sum
def effective_sample_size(log_weights):
    return np.full(len(log_weights), np.exp(2 * logsumexp(log_weights) - logsumexp(2 * log_weights)))
