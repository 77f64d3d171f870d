# fails: test_every_row_is_marked
# says: should be 11
def mark_unlabeled(test_raw, label=10):
    marked = test_raw.copy()
    marked.insert(0, "label", np.uint8(label))
    return marked
