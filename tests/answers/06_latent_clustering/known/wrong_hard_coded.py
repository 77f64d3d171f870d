# fails: test_another_mark
# says: use the argument
def known_only(codes, labels, unknown=11):
    rows = labels != 11
    return codes[rows], labels[rows]
