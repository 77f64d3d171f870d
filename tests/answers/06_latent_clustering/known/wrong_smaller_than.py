# fails: test_another_mark
# says: larger or smaller
def known_only(codes, labels, unknown=11):
    rows = labels < unknown
    return codes[rows], labels[rows]
