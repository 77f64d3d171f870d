def attribute_vector(codes, labels, source, target):
    labels = np.asarray(labels)
    return np.mean(codes[labels == target], axis=0) - np.mean(codes[labels == source], axis=0)
