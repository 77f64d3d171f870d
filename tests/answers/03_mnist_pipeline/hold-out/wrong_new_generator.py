# fails: test_the_published_rows_are_held_out
# says: which the exercise asks for
def hold_out(data, n=5000, seed=99):
    valid = data.sample(n=n, random_state=np.random.default_rng(seed))
    return data.drop(valid.index), valid
