# fails: test_a_missing_column_is_named
# says: was read without an error
def read_raw(train_csv, test_csv):
    return pd.read_csv(train_csv, dtype=np.uint8), pd.read_csv(test_csv, dtype=np.uint8)
