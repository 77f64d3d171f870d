# fails: test_each_value_counts_by_its_weight
# says: weighted sum
def weighted_mean(values, weights):
    return values @ weights
