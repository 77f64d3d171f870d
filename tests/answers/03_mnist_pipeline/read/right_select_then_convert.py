def read_raw(train_csv, test_csv):
    tables = []
    for path, wanted in ((train_csv, ["label"] + PIXELS), (test_csv, PIXELS)):
        table = pd.read_csv(path)
        tables.append(table[wanted].astype(np.uint8))
    return tuple(tables)
