# fails: test_against_brute_force
# says: own nearest neighbor
def neighbor_purity(codes, labels, k=10):
    _, nearest = KDTree(codes).query(codes, k=k)
    return (labels[nearest] == labels[:, None]).mean(axis=1)
