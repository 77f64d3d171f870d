def known_only(codes, labels, unknown=11):
    gone = np.where(labels == unknown)[0]
    return np.delete(codes, gone, axis=0), np.delete(labels, gone)
