# fails: test_both_tables_are_read
# says: first line holds the column names
def read_raw(train_csv, test_csv):
    train = pd.read_csv(train_csv, header=None, names=["label", *PIXELS])
    test = pd.read_csv(test_csv, header=None, names=PIXELS)
    return train, test
