# fails: test_square_of_the_sum
# says: run over the images
def effective_sample_size(log_weights):
    return np.exp(2 * logsumexp(log_weights, axis=0) - logsumexp(2 * log_weights, axis=0))
