def hold_out(data, n=5000, seed=99):
    valid = data.sample(n, random_state=seed)
    return data[~data.index.isin(valid.index)], valid
