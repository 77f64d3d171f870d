# fails: test_share_that_is_right
# says: Fewer hidden labels
def label_unknown(codes, labels, unknown=11, k=15):
    known = labels != unknown
    k = min(k, known.sum())
    _, nearest = KDTree(codes[known, :2]).query(codes[~known, :2], k=np.arange(1, k + 1))
    votes = labels[known][nearest]
    completed = labels.copy()
    completed[~known] = stats.mode(votes, axis=1).mode
    return completed
