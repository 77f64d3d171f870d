# fails: test_nothing_unknown_is_left
# says: in their order
def known_only(codes, labels, unknown=11):
    order = np.argsort(labels, kind="stable")
    rows = order[labels[order] != unknown]
    return codes[rows], labels[rows]
