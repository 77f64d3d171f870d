# fails: test_one_below_the_other
# says: `pd.concat([one, other])`
def combine(train_raw, test_raw):
    return train_raw.append(test_raw, ignore_index=True)
