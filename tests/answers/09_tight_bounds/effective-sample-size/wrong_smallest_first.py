# fails: test_weights_of_any_size
# says: its own largest
# loses: 0.5
def effective_sample_size(log_weights):
    w = np.exp(log_weights - log_weights.min(axis=1, keepdims=True))
    return w.sum(axis=1) ** 2 / (w**2).sum(axis=1)
