# fails: test_known_neighbors_vote
# says: Only the nearest
def label_unknown(codes, labels, unknown=11, k=15):
    known = labels != unknown
    k = min(k, known.sum())
    _, nearest = KDTree(codes[known]).query(codes[~known])
    completed = labels.copy()
    completed[~known] = labels[known][nearest]
    return completed
