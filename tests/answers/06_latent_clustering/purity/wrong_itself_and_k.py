# fails: test_against_brute_force
# says: as number k + 1
def neighbor_purity(codes, labels, k=10):
    _, nearest = KDTree(codes).query(codes, k=k + 1)
    return (labels[nearest] == labels[:, None]).mean(axis=1)
