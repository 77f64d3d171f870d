# fails: test_any_label_marks
# says: always 11
def mark_unlabeled(test_raw, label=11):
    marked = test_raw.copy()
    marked.insert(0, "label", np.uint8(11))
    return marked
