def read_raw(train_csv, test_csv):
    return (
        pd.read_csv(train_csv, usecols=["label", *PIXELS], dtype="uint8"),
        pd.read_csv(test_csv, usecols=PIXELS, dtype="uint8"),
    )
