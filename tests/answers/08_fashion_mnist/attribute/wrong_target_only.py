# fails: test_difference_of_means
# says: alone
def attribute_vector(codes, labels, source, target):
    return codes[labels == target].mean(axis=0)
