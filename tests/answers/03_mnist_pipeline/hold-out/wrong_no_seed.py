# fails: test_the_published_rows_are_held_out
# says: pass the seed on
def hold_out(data, n=5000, seed=99):
    valid = data.sample(n=n)
    return data.drop(valid.index), valid
