def known_only(codes, labels, unknown=11):
    return codes[~(labels == unknown)], labels[~(labels == unknown)]
