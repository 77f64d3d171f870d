# fails: test_difference_of_means
# says: mean of all codes
def attribute_vector(codes, labels, source, target):
    return codes[labels == target].mean(axis=0) - codes.mean(axis=0)
