# fails: test_further_columns_are_left_out
# says: while reading
def read_raw(train_csv, test_csv):
    train, test = pd.read_csv(train_csv, dtype=np.uint8), pd.read_csv(test_csv, dtype=np.uint8)
    for frame, wanted in ((train, ["label", *PIXELS]), (test, PIXELS)):
        for name in wanted:
            if name not in frame:
                raise KeyError(name)
    return train, test
