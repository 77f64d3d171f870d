# fails: test_stable
# says: use log-sum-exp
def importance_weighted_bound(log_weights):
    return np.log(np.mean(np.exp(log_weights), axis=1))
