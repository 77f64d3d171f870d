# fails: test_square_of_the_sum
# says: *log*-weights
def effective_sample_size(log_weights):
    return log_weights.sum(axis=1) ** 2 / (log_weights**2).sum(axis=1)
