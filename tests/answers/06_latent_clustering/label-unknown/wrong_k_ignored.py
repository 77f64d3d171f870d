# fails: test_k_neighbors
# says: whatever k is
def label_unknown(codes, labels, unknown=11, k=15):
    known = labels != unknown
    k = min(15, known.sum())
    _, nearest = KDTree(codes[known]).query(codes[~known], k=np.arange(1, k + 1))
    votes = labels[known][nearest]
    completed = labels.copy()
    completed[~known] = stats.mode(votes, axis=1).mode
    return completed
