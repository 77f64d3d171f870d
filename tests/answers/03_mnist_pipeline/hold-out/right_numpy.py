def hold_out(data, n=5000, seed=99):
    order = np.random.RandomState(seed).permutation(len(data))
    return data.iloc[order[n:]], data.iloc[order[:n]]
