# fails: test_index_is_fresh
# says: start at 0
def combine(train_raw, test_raw):
    data = pd.concat([train_raw, test_raw], ignore_index=True)
    data.index += 1
    return data
