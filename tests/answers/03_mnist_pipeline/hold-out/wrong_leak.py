# fails: test_no_row_lost_or_doubled
# says: 5,000 rows are both held out and in the training set
def hold_out(data, n=5000, seed=99):
    valid = data.sample(n=n, random_state=seed)
    return data, valid
