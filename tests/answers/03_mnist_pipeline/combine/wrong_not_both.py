# fails: test_one_below_the_other
# says: rows of test_raw are missing
def combine(train_raw, test_raw):
    data = train_raw.copy()
    pd.concat([data, test_raw], ignore_index=True)
    return data
