# fails: test_stable
# says: not finite
# loses: 1
def importance_weighted_bound(log_weights):
    shift = log_weights.mean(axis=1, keepdims=True)
    return np.log(np.mean(np.exp(log_weights - shift), axis=1)) + np.ravel(shift)
