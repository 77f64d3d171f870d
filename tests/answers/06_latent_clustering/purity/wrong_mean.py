# fails: test_a_share_for_each_row
# says: This is one number
def neighbor_purity(codes, labels, k=10):
    _, nearest = KDTree(codes).query(codes, k=k + 1)
    return np.mean(labels[nearest[:, 1:]] == labels[:, None])
