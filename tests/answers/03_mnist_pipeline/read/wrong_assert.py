# fails: test_a_missing_column_is_named
# says: python -O
def read_raw(train_csv, test_csv):
    train, test = pd.read_csv(train_csv, dtype=np.uint8), pd.read_csv(test_csv, dtype=np.uint8)
    assert "label" in train.columns, "label is missing"
    for name in PIXELS:
        assert name in train.columns and name in test.columns, name
    return train[["label", *PIXELS]], test[PIXELS]
