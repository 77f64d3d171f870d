def combine(train_raw, test_raw):
    return pd.concat((train_raw, test_raw), axis="index", ignore_index=True)
