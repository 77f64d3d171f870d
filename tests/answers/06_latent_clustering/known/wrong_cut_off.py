# fails: test_codes_stay_with_their_labels
# says: These are the first codes
def known_only(codes, labels, unknown=11):
    kept = labels[labels != unknown]
    return codes[: len(kept)], kept
