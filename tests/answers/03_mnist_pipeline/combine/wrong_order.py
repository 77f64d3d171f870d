# fails: test_one_below_the_other
# says: The rows of train_raw should come first
def combine(train_raw, test_raw):
    return pd.concat([test_raw, train_raw], ignore_index=True)
