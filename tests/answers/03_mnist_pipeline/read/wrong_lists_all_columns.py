# fails: test_a_missing_column_is_named
# says: among 785 names
def read_raw(train_csv, test_csv):
    train, test = pd.read_csv(train_csv, dtype=np.uint8), pd.read_csv(test_csv, dtype=np.uint8)
    if list(train.columns) != ["label"] + PIXELS:
        raise ValueError(f"columns should be {['label'] + PIXELS}")
    if list(test.columns) != PIXELS:
        raise ValueError(f"columns should be {PIXELS}")
    return train, test
