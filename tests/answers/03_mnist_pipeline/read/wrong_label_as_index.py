# fails: test_both_tables_are_read
# says: exactly the columns label
def read_raw(train_csv, test_csv):
    return pd.read_csv(train_csv, dtype=np.uint8, index_col=0), pd.read_csv(test_csv, dtype=np.uint8)
