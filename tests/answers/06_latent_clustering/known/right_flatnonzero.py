def known_only(codes, labels, unknown=11):
    rows = np.flatnonzero(np.asarray(labels) != unknown)
    return np.take(codes, rows, axis=0), np.take(labels, rows)
