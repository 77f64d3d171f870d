def one_hot(labels, classes=10):
    rows = np.zeros((len(labels), classes), dtype="float32")
    for row, label in zip(rows, labels):
        if label not in range(classes):
            raise ValueError(f"no class {label}")
        row[int(label)] = 1.0
    return rows
