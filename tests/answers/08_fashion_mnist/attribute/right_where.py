def attribute_vector(codes, labels, source, target):
    means = [codes[np.flatnonzero(labels == label)].sum(0) / np.sum(labels == label) for label in (source, target)]
    return means[1] - means[0]
