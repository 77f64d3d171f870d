def mark_unlabeled(test_raw, label=11):
    values = np.insert(test_raw.to_numpy(), 0, label, axis=1)
    return pd.DataFrame(values, columns=["label"] + list(test_raw.columns), index=test_raw.index)
