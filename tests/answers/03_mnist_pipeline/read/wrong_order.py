# fails: test_both_tables_are_read
# says: are swapped
def read_raw(train_csv, test_csv):
    train = pd.read_csv(train_csv, usecols=["label", *PIXELS], dtype=np.uint8)
    test = pd.read_csv(test_csv, usecols=PIXELS, dtype=np.uint8)
    return test, train
