def attribute_vector(codes, labels, source, target):
    a, b = (ops.mean(ops.convert_to_tensor(codes[labels == k]), axis=0) for k in (source, target))
    return b - a
