def read_raw(train_csv, test_csv):
    from pyarrow import csv

    def read(path, columns):
        options = csv.ConvertOptions(include_columns=columns)
        return csv.read_csv(str(path), convert_options=options).to_pandas().astype(np.uint8)

    return read(train_csv, ["label", *PIXELS]), read(test_csv, PIXELS)
