# fails: test_one_below_the_other
# says: takes one list of tables
def combine(train_raw, test_raw):
    return pd.concat(train_raw, test_raw, ignore_index=True)
