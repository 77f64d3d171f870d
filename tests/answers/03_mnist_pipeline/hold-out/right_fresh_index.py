def hold_out(data, n=5000, seed=99):
    valid = data.sample(n=n, random_state=np.random.RandomState(seed))
    train = data.drop(index=valid.index)
    return train.reset_index(drop=True), valid.reset_index(drop=True)
