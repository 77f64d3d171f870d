def one_hot(labels, classes=10):
    labels = np.asarray(labels)
    if np.any((labels < 0) | (labels >= classes)):
        raise ValueError(f"labels should lie between 0 and {classes - 1}")
    return ops.one_hot(labels, classes, dtype="float32")
