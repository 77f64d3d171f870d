def neighbor_purity(codes, labels, k=10):
    nearest = KDTree(codes).query(codes, k=k + 1)[1][:, 1:]
    return np.equal(labels[nearest], labels.reshape(-1, 1)).mean(axis=1)
