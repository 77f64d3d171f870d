# fails: test_one_byte_for_each_value
# says: Column `label`
def read_raw(train_csv, test_csv):
    types = {name: np.uint8 for name in PIXELS}
    return (
        pd.read_csv(train_csv, usecols=["label", *PIXELS], dtype=types),
        pd.read_csv(test_csv, usecols=PIXELS, dtype=types),
    )
