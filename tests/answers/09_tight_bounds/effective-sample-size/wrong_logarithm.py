# fails: test_square_of_the_sum
# says: its logarithm
def effective_sample_size(log_weights):
    return 2 * logsumexp(log_weights, axis=1) - logsumexp(2 * log_weights, axis=1)
