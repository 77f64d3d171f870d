# fails: test_seventy_thousand_rows
# says: no longer uint8
def combine(train_raw, test_raw):
    rows = train_raw.to_numpy().tolist() + test_raw.to_numpy().tolist()
    return pd.DataFrame(rows, columns=train_raw.columns)
