# fails: test_known_neighbors_vote
# says: nearest cluster mean
def label_unknown(codes, labels, unknown=11, k=15):
    known = labels != unknown
    k = min(k, known.sum())
    digits = np.unique(labels[known])
    middles = np.array([codes[labels == digit].mean(axis=0) for digit in digits])
    _, nearest = KDTree(middles).query(codes[~known])
    completed = labels.copy()
    completed[~known] = digits[nearest]
    return completed
