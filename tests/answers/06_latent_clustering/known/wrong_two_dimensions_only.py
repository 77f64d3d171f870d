# fails: test_any_codes
# says: any codes
def known_only(codes, labels, unknown=11):
    rows = labels != unknown
    return np.column_stack([codes[rows, 0], codes[rows, 1]]), labels[rows]
