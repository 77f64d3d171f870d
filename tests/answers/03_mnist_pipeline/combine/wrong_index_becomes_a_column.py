# fails: test_one_below_the_other
# says: drop=True
# loses: 1
def combine(train_raw, test_raw):
    return pd.concat([train_raw, test_raw]).reset_index()
