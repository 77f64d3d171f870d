# fails: test_the_given_table_stays
# says: changed its input
def mark_unlabeled(test_raw, label=11):
    marked = test_raw
    marked.insert(0, "label", np.uint8(label))
    return marked
