# fails: test_known_neighbors_vote
# says: just found voted too
def label_unknown(codes, labels, unknown=11, k=15):
    completed = labels.copy()
    for i in np.flatnonzero(labels == unknown):
        known_codes, known_labels = known_only(codes, completed, unknown)
        _, nearest = KDTree(known_codes).query(codes[i], k=np.arange(1, min(k, len(known_codes)) + 1))
        completed[i] = stats.mode(known_labels[nearest]).mode
    return completed
