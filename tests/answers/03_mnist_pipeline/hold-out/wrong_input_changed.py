# fails: test_the_table_is_kept_whole
# says: inplace=True
def hold_out(data, n=5000, seed=99):
    valid = data.sample(n=n, random_state=seed)
    data.drop(valid.index, inplace=True)
    return data, valid
