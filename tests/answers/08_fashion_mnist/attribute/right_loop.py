def attribute_vector(codes, labels, source, target):
    def mean_of(label):
        return np.array([code for code, its in zip(codes, labels) if its == label]).mean(axis=0)

    return list(mean_of(target) - mean_of(source))
