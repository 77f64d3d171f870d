def one_hot(labels, classes=10):
    labels = np.asarray(labels)
    if np.any((labels < 0) | (labels >= classes)):
        raise ValueError("invalid label")
    return (labels[:, None] == range(classes)).astype("float32")
