from scipy.special import softmax


def effective_sample_size(log_weights):
    return 1 / np.square(softmax(log_weights, axis=1)).sum(axis=1)
