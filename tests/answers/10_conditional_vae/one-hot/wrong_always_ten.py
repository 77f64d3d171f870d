# fails: test_number_of_classes
# says: four columns
def one_hot(labels, classes=10):
    labels = np.asarray(labels)
    if np.any((labels < 0) | (labels >= classes)):
        raise ValueError(f"labels should lie between 0 and {classes - 1}")
    return np.eye(10, dtype=np.float32)[labels]
