# fails: test_the_published_rows_are_held_out
# says: another order
def hold_out(data, n=5000, seed=99):
    valid = data.sample(n=n, random_state=seed).sort_index()
    return data.drop(valid.index), valid
