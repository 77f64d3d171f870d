# fails: test_against_brute_force
# says: *another* label
def neighbor_purity(codes, labels, k=10):
    _, nearest = KDTree(codes).query(codes, k=k + 1)
    return (labels[nearest[:, 1:]] != labels[:, None]).mean(axis=1)
