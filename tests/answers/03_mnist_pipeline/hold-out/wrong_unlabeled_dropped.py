# fails: test_no_row_lost_or_doubled
# says: all others should be for training
def hold_out(data, n=5000, seed=99):
    valid = data.sample(n=n, random_state=seed)
    train = data.drop(valid.index)
    return train[train["pixel0"] != 11], valid
