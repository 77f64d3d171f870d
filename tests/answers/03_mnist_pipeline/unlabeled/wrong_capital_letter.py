# fails: test_any_label_marks
# says: no column
def mark_unlabeled(test_raw, label=11):
    marked = test_raw.copy()
    marked.insert(0, "Label", np.uint8(label))
    return marked
