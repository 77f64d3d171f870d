# fails: test_difference_of_means
# says: single codes
def attribute_vector(codes, labels, source, target):
    return codes[labels == target][0] - codes[labels == source][0]
