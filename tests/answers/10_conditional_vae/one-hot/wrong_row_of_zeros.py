# fails: test_unknown_labels_are_refused
# says: without a word
def one_hot(labels, classes=10):
    return (np.asarray(labels)[:, None] == np.arange(classes)).astype("float32")
