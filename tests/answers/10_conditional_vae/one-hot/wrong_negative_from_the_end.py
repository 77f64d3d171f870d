# fails: test_unknown_labels_are_refused
# says: label -1
def one_hot(labels, classes=10):
    labels = np.asarray(labels)
    if np.any(labels >= classes):
        raise ValueError("no such class")
    return np.eye(classes, dtype="float32")[labels]
