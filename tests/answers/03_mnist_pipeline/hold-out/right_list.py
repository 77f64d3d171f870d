def hold_out(data, n=5000, seed=99):
    valid = data.sample(n=n, random_state=seed)
    train = data.copy()
    train.drop(valid.index, inplace=True)
    return [train, valid]
