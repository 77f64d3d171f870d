# fails: test_no_row_lost_or_doubled
# says: which is a leak
def hold_out(data, n=5000, seed=99):
    valid = data.sample(n=n, random_state=seed)
    train = data.sample(n=len(data) - n, random_state=seed)
    return train, valid
