# fails: test_one_below_the_other
# says: side by side
def combine(train_raw, test_raw):
    return pd.concat([train_raw, test_raw], axis=1)
