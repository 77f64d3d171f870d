# fails: test_label_comes_first
# says: in the same order
def mark_unlabeled(test_raw, label=11):
    marked = test_raw.rename(columns={"pixel0": "label"})
    marked["label"] = np.uint8(label)
    return marked
