def label_unknown(codes, labels, unknown=11, k=15):
    known = labels != unknown
    tree = KDTree(codes[known])
    votes = labels[known]
    result = np.array(labels)
    for i in np.flatnonzero(~known):
        _, nearest = tree.query(codes[i], k=min(k, known.sum()))
        result[i] = np.bincount(votes[np.atleast_1d(nearest)]).argmax()
    return result
