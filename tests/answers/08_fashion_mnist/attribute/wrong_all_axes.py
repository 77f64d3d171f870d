# fails: test_one_vector
# says: axis=0
def attribute_vector(codes, labels, source, target):
    return codes[labels == target].mean() - codes[labels == source].mean()
