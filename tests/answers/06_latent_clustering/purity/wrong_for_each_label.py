# fails: test_a_share_for_each_row
# says: one number for each label
def neighbor_purity(codes, labels, k=10):
    _, nearest = KDTree(codes).query(codes, k=k + 1)
    purity = (labels[nearest[:, 1:]] == labels[:, None]).mean(axis=1)
    return np.array([purity[labels == label].mean() for label in np.unique(labels)])
