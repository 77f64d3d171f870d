# fails: test_the_given_table_stays
# says: another index
# loses: 1
def mark_unlabeled(test_raw, label=11):
    test_raw.reset_index(drop=True, inplace=True)
    marked = test_raw.copy()
    marked.insert(0, "label", np.uint8(label))
    return marked
