# fails: test_known_neighbors_vote
# says: Fewer than k known rows
def label_unknown(codes, labels, unknown=11, k=15):
    completed = labels.copy()
    _, nearest = KDTree(codes).query(codes, k=np.arange(1, k + 1))
    for i in np.flatnonzero(labels == unknown):
        votes = labels[nearest[i]]
        votes = votes[votes != unknown]
        completed[i] = stats.mode(votes).mode if len(votes) else unknown
    return completed
