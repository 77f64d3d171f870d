class MissingColumn(ValueError):
    pass


def read_raw(train_csv, test_csv):
    frames = []
    for path, wanted in [(train_csv, ["label"] + PIXELS), (test_csv, PIXELS)]:
        frame = pd.read_csv(path)
        for column in wanted:
            if column not in frame:
                raise MissingColumn(f"{column} is missing in {path}")
        frames.append(frame[wanted].astype("uint8"))
    return frames
