# fails: test_seventy_thousand_rows
# says: No row may be lost
def combine(train_raw, test_raw):
    return pd.concat([train_raw, test_raw]).drop_duplicates().reset_index(drop=True)
