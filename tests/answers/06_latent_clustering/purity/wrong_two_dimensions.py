# fails: test_any_neighbors
# says: any number of dimensions
def neighbor_purity(codes, labels, k=10):
    _, nearest = KDTree(codes[:, :2]).query(codes[:, :2], k=k + 1)
    return (labels[nearest[:, 1:]] == labels[:, None]).mean(axis=1)
