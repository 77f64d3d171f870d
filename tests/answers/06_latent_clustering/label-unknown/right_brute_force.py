def label_unknown(codes, labels, unknown=11, k=15):
    c, y = known_only(codes, labels, unknown)
    squares = ((codes[:, None] - c[None]) ** 2).sum(-1)
    nearest = y[np.argsort(squares, axis=1)[:, :k]]
    classes = np.unique(y)
    counts = np.stack([(nearest == digit).sum(axis=1) for digit in classes], axis=1)
    return np.where(labels == unknown, classes[counts.argmax(axis=1)], labels)
