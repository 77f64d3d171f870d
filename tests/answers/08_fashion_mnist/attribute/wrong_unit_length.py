# fails: test_difference_of_means
# says: length
def attribute_vector(codes, labels, source, target):
    difference = codes[labels == target].mean(axis=0) - codes[labels == source].mean(axis=0)
    return difference / np.linalg.norm(difference)
