# fails: test_one_below_the_other
# says: rows are mixed
def combine(train_raw, test_raw):
    return pd.concat([train_raw, test_raw]).sort_index(kind="stable").reset_index(drop=True)
