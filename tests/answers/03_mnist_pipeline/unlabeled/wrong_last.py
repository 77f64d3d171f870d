# fails: test_label_comes_first
# says: is the last column
# loses: 1.5
def mark_unlabeled(test_raw, label=11):
    marked = test_raw.copy()
    marked["label"] = np.uint8(label)
    return marked
