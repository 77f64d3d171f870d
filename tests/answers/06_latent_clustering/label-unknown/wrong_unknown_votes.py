# fails: test_known_neighbors_vote
# says: Unknown rows took part
def label_unknown(codes, labels, unknown=11, k=15):
    known = labels != unknown
    _, nearest = KDTree(codes).query(codes[~known], k=np.arange(1, k + 1))
    votes = labels[nearest]
    completed = labels.copy()
    completed[~known] = stats.mode(votes, axis=1).mode
    return completed
