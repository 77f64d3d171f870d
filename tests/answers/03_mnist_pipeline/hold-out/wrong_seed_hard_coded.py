# fails: test_any_number_and_seed
# says: use the argument `seed`
def hold_out(data, n=5000, seed=99):
    valid = data.sample(n=n, random_state=99)
    return data.drop(valid.index), valid
