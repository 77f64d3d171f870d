# fails: test_label_is_one_byte
# says: np.uint8(11)
def mark_unlabeled(test_raw, label=11):
    marked = test_raw.copy()
    marked.insert(0, "label", label)
    return marked
