# fails: test_the_published_rows_are_held_out
# says: data.sample(n=n, random_state=seed)
def hold_out(data, n=5000, seed=99):
    train = data.sample(n=len(data) - n, random_state=seed)
    return train, data.drop(train.index)
