# fails: test_further_columns_are_left_out
# says: by name
def read_raw(train_csv, test_csv):
    def read(path, wanted):
        table = pd.read_csv(path)
        for name in wanted:
            if name not in table.columns:
                raise KeyError(name)
        return table.iloc[:, -len(wanted):].astype(np.uint8)

    return read(train_csv, ["label", *PIXELS]), read(test_csv, PIXELS)
