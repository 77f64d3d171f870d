def mark_unlabeled(test_raw, label=11):
    labels = pd.DataFrame({"label": label}, index=test_raw.index, dtype="uint8")
    return pd.concat([labels, test_raw], axis=1)
