# fails: test_codes_stay_with_their_labels
# says: from both arrays
def known_only(codes, labels, unknown=11):
    return codes, labels[labels != unknown]
