# fails: test_no_row_lost_or_doubled
# says: are swapped
def hold_out(data, n=5000, seed=99):
    valid = data.sample(n=n, random_state=seed)
    return valid, data.drop(valid.index)
