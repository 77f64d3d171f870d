def mark_unlabeled(test_raw, label=11):
    marked = test_raw.copy()
    marked.insert(0, "label", np.full(len(marked), label, dtype=np.uint8))
    return marked
