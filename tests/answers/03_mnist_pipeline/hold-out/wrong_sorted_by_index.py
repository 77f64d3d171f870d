# fails: test_any_number_and_seed
# says: another order
def hold_out(data, n=5000, seed=99):
    valid = data.sample(n=n, random_state=seed).sort_index()
    return data.drop(valid.index), valid
