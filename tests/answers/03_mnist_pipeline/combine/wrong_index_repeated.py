# fails: test_index_is_fresh
# says: names rows twice
def combine(train_raw, test_raw):
    return pd.concat([train_raw, test_raw])
