def combine(train_raw, test_raw):
    return pd.concat([train_raw, test_raw]).reset_index(drop=True)
