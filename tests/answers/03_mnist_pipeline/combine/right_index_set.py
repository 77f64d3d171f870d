def combine(train_raw, test_raw):
    data = pd.concat([train_raw, test_raw])
    data.index = range(len(data))
    return data
