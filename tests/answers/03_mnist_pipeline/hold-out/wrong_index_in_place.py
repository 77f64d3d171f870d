# fails: test_the_table_is_kept_whole
# says: another index
def hold_out(data, n=5000, seed=99):
    data.reset_index(drop=True, inplace=True)
    valid = data.sample(n=n, random_state=seed)
    return data.drop(valid.index), valid
