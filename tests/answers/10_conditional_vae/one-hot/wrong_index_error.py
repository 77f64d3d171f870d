# fails: test_unknown_labels_are_refused
# says: make it a ValueError
def one_hot(labels, classes=10):
    return np.eye(classes, dtype="float32")[np.asarray(labels)]
