# fails: test_any_label_marks
# says: as many rows as the input
def mark_unlabeled(test_raw, label=11):
    labels = pd.DataFrame({"label": np.full(len(test_raw), label, np.uint8)})
    return pd.concat([labels, test_raw], axis=1)
