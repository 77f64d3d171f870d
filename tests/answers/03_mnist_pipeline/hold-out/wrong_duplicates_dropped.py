# fails: test_any_number_and_seed
# says: two rows
def hold_out(data, n=5000, seed=99):
    valid = data.sample(n=n, random_state=seed)
    return pd.concat([data, valid]).drop_duplicates(keep=False), valid
