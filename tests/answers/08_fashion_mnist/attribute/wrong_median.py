# fails: test_difference_of_means
# says: median
def attribute_vector(codes, labels, source, target):
    return np.median(codes[labels == target], axis=0) - np.median(codes[labels == source], axis=0)
