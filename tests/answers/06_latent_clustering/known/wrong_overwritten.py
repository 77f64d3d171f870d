# fails: test_any_codes
# says: input was changed
def known_only(codes, labels, unknown=11):
    rows = labels != unknown
    kept = codes[rows].copy(), labels[rows].copy()
    labels[~rows] = 0
    codes[~rows] = 0
    return kept
