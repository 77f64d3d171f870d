# fails: test_index_is_fresh
# says: several levels
def combine(train_raw, test_raw):
    return pd.concat([train_raw, test_raw], keys=["train", "test"])
