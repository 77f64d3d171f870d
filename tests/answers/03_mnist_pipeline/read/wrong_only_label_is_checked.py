# fails: test_a_missing_column_is_named
# says: A test.csv without the column `pixel410`
def read_raw(train_csv, test_csv):
    train, test = pd.read_csv(train_csv, dtype=np.uint8), pd.read_csv(test_csv, dtype=np.uint8)
    if "label" not in train:
        raise ValueError("no column label")
    return train, test
