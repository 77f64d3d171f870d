# fails: test_any_number_and_seed
# says: use the argument `n`
def hold_out(data, n=5000, seed=99):
    valid = data.sample(n=min(5000, len(data) // 2), random_state=seed)
    return data.drop(valid.index), valid
