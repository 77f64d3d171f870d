# fails: test_a_missing_column_is_named
# says: name it in the message
def read_raw(train_csv, test_csv):
    train, test = pd.read_csv(train_csv, dtype=np.uint8), pd.read_csv(test_csv, dtype=np.uint8)
    if train.shape[1] != 785 or test.shape[1] != 784:
        raise ValueError("wrong number of columns")
    return train, test
