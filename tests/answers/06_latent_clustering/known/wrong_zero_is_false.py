# fails: test_nothing_unknown_is_left
# says: a 0 counts as False
def known_only(codes, labels, unknown=11):
    kept = np.where(labels == unknown, 0, labels)
    rows = kept.astype(bool)
    return codes[rows], labels[rows]
