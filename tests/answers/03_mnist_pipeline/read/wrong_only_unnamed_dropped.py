# fails: test_further_columns_are_left_out
# says: by name
def read_raw(train_csv, test_csv):
    train = pd.read_csv(train_csv).drop(columns="Unnamed: 0", errors="ignore").astype(np.uint8)
    test = pd.read_csv(test_csv).drop(columns="Unnamed: 0", errors="ignore").astype(np.uint8)
    train["label"]
    for name in PIXELS:
        train[name], test[name]
    return train, test
