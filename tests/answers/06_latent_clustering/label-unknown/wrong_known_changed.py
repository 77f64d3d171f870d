# fails: test_known_labels_stay
# says: Known labels were changed
def label_unknown(codes, labels, unknown=11, k=15):
    known = labels != unknown
    k = min(k, known.sum())
    _, nearest = KDTree(codes[known]).query(codes, k=np.arange(1, k + 1))
    return stats.mode(labels[known][nearest], axis=1).mode
