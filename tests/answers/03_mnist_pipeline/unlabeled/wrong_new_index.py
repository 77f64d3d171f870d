# fails: test_any_label_marks
# says: keep the index
def mark_unlabeled(test_raw, label=11):
    marked = test_raw.reset_index(drop=True)
    marked.insert(0, "label", np.uint8(label))
    return marked
