# fails: test_one_byte_for_each_value
# says: 8 bytes for a value that needs one
def read_raw(train_csv, test_csv):
    return pd.read_csv(train_csv, usecols=["label", *PIXELS]), pd.read_csv(test_csv, usecols=PIXELS)
