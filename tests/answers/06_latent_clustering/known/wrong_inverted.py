# fails: test_nothing_unknown_is_left
# says: rows that are *unknown*
def known_only(codes, labels, unknown=11):
    rows = labels == unknown
    return codes[rows], labels[rows]
