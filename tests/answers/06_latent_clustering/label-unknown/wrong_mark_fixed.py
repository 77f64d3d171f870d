# fails: test_share_that_is_right
# says: another mark
def label_unknown(codes, labels, unknown=11, k=15):
    known = labels != 11
    k = min(k, known.sum())
    _, nearest = KDTree(codes[known]).query(codes[~known], k=np.arange(1, k + 1))
    votes = labels[known][nearest]
    completed = labels.copy()
    if len(votes):
        completed[~known] = stats.mode(votes, axis=1).mode
    return completed
