# fails: test_difference_of_means
# says: smaller class
def attribute_vector(codes, labels, source, target):
    a, b = codes[labels == source], codes[labels == target]
    n = min(len(a), len(b))
    return (b[:n] - a[:n]).mean(axis=0)
