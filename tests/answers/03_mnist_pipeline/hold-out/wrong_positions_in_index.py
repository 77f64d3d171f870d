# fails: test_any_number_and_seed
# says: whatever the index is
def hold_out(data, n=5000, seed=99):
    valid = data.sample(n=n, random_state=seed)
    held = set(valid.index)
    return data.iloc[[i for i in range(len(data)) if i not in held]], valid
