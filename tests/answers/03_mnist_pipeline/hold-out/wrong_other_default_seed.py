# fails: test_the_published_rows_are_held_out
# says: keep the defaults
def hold_out(data, n=5000, seed=42):
    valid = data.sample(n=n, random_state=seed)
    return data.drop(valid.index), valid
