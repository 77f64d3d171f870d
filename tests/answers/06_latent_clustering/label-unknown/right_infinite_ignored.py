def label_unknown(codes, labels, unknown=11, k=15):
    known = np.flatnonzero(labels != unknown)
    distances, nearest = KDTree(codes[known]).query(codes, k=[*range(1, k + 1)])
    out = labels.copy()
    for i in np.flatnonzero(labels == unknown):
        there = np.isfinite(distances[i])  # query fills up with infinity where rows are missing
        values, counts = np.unique(labels[known[nearest[i][there]]], return_counts=True)
        out[i] = values[counts.argmax()]
    return out
