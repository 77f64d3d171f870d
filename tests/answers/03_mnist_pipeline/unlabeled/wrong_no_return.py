# fails: test_label_comes_first
# says: should be a pandas DataFrame
def mark_unlabeled(test_raw, label=11):
    marked = test_raw.copy()
    marked.insert(0, "label", np.uint8(label))
