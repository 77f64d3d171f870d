# fails: test_known_neighbors_vote
# says: averaged
def label_unknown(codes, labels, unknown=11, k=15):
    known = labels != unknown
    k = min(k, known.sum())
    _, nearest = KDTree(codes[known]).query(codes[~known], k=np.arange(1, k + 1))
    completed = labels.copy()
    completed[~known] = np.rint(labels[known][nearest].mean(axis=1))
    return completed
