# fails: test_difference_of_means
# says: wrong direction
def attribute_vector(codes, labels, source, target):
    return codes[labels == source].mean(axis=0) - codes[labels == target].mean(axis=0)
