# fails: test_nothing_unknown_is_left
# says: two arrays
def known_only(codes, labels, unknown=11):
    return codes[labels != unknown]
