# fails: test_further_columns_are_left_out
# says: another order
def read_raw(train_csv, test_csv):
    def load(path, columns):
        frame = pd.read_csv(path)
        missing = set(columns) - set(frame.columns)
        if missing:
            raise ValueError(f"missing {missing}")
        return frame[sorted(columns)].astype("uint8")
    return load(train_csv, ["label", *PIXELS]), load(test_csv, PIXELS)
