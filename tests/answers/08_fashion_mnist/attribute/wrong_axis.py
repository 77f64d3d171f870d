# fails: test_one_vector
# says: over the dimensions
def attribute_vector(codes, labels, source, target):
    return codes[labels == target].mean(axis=1) - codes[labels == source].mean(axis=1)
