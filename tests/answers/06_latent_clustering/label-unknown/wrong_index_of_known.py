# fails: test_known_neighbors_vote
# says: most frequent label of its k nearest
def label_unknown(codes, labels, unknown=11, k=15):
    known = labels != unknown
    k = min(k, known.sum())
    _, nearest = KDTree(codes[known]).query(codes[~known], k=np.arange(1, k + 1))
    votes = labels[nearest]
    votes = np.where(votes == unknown, 0, votes)
    completed = labels.copy()
    completed[~known] = stats.mode(votes, axis=1).mode
    return completed
