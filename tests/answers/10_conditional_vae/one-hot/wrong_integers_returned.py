# fails: test_one_in_the_column_of_the_class
# says: one row for each label
def one_hot(labels, classes=10):
    labels = np.asarray(labels)
    if np.any((labels < 0) | (labels >= classes)):
        raise ValueError(f"labels should lie between 0 and {classes - 1}")
    return labels.astype("float32")
