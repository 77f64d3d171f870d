def combine(train_raw, test_raw):
    return pd.DataFrame(np.vstack([train_raw, test_raw]), columns=train_raw.columns)
