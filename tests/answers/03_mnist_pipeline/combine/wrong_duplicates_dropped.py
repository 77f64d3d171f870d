# fails: test_seventy_thousand_rows
# says: Every row should be in the result
def combine(train_raw, test_raw):
    return pd.concat([train_raw, test_raw]).drop_duplicates().reset_index(drop=True)
