# fails: test_the_given_table_stays
# says: Work on a copy
def mark_unlabeled(test_raw, label=11):
    test_raw.insert(0, "label", np.uint8(label))
    return test_raw
