# fails: test_any_number_and_seed
# says: labels are not positions
def hold_out(data, n=5000, seed=99):
    valid = data.sample(n=n, random_state=seed)
    kept = np.ones(len(data), dtype=bool)
    kept[valid.index] = False
    return data[kept], valid
