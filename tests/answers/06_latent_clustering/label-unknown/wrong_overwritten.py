# fails: test_few_voters_and_input
# says: fill a copy
def label_unknown(codes, labels, unknown=11, k=15):
    known = labels != unknown
    k = min(k, known.sum())
    _, nearest = KDTree(codes[known]).query(codes[~known], k=np.arange(1, k + 1))
    labels[~known] = stats.mode(labels[known][nearest], axis=1).mode
    return labels
