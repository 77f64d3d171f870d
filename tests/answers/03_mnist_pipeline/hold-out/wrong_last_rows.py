# fails: test_the_published_rows_are_held_out
# says: all unlabeled
def hold_out(data, n=5000, seed=99):
    return data.iloc[:-n], data.iloc[-n:]
