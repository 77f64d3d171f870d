# fails: test_against_brute_force
# says: Only k − 1
def neighbor_purity(codes, labels, k=10):
    _, nearest = KDTree(codes).query(codes, k=k)
    return (labels[nearest[:, 1:]] == labels[:, None]).mean(axis=1)
