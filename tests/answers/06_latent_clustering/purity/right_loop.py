def neighbor_purity(codes, labels, k=10):
    tree = KDTree(codes)
    purity = []
    for i, code in enumerate(codes):
        _, nearest = tree.query(code, k=k + 1)
        others = [j for j in nearest if j != i][:k]
        purity.append(float(np.mean([labels[j] == labels[i] for j in others])))
    return purity
