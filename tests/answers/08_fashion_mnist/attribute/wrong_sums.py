# fails: test_difference_of_means
# says: sums
def attribute_vector(codes, labels, source, target):
    return codes[labels == target].sum(axis=0) - codes[labels == source].sum(axis=0)
