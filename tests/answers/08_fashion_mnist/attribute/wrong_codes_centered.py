# fails: test_any_two_classes
# says: changed
def attribute_vector(codes, labels, source, target):
    codes -= codes.mean(axis=0)
    return codes[labels == target].mean(axis=0) - codes[labels == source].mean(axis=0)
