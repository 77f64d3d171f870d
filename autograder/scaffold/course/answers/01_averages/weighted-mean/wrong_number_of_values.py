# fails: test_each_value_counts_by_its_weight
# says: divide by the sum of the weights
def weighted_mean(values, weights):
    return np.mean(values * weights)
