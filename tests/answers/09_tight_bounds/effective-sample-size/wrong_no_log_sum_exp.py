# fails: test_weights_of_any_size
# says: not finite
def effective_sample_size(log_weights):
    weights = np.exp(log_weights)
    return weights.sum(axis=1) ** 2 / (weights**2).sum(axis=1)
