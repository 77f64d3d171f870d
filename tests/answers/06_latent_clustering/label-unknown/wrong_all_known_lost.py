# fails: test_k_neighbors
# says: Where every label is known
def label_unknown(codes, labels, unknown=11, k=15):
    known = labels != unknown
    completed = labels.copy()
    tree, votes = KDTree(codes[known]), labels[known]
    if known.all():
        return completed[~known]
    _, neighbors = tree.query(codes[~known], k=np.arange(1, min(k, known.sum()) + 1))
    completed[~known] = stats.mode(votes[neighbors], axis=1).mode
    return completed
