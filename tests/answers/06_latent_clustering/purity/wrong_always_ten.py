# fails: test_against_brute_force
# says: whatever k is
def neighbor_purity(codes, labels, k=10):
    _, nearest = KDTree(codes).query(codes, k=11)
    return (labels[nearest[:, 1:]] == labels[:, None]).mean(axis=1)
