def known_only(codes, labels, unknown=11):
    pairs = [(code, label) for code, label in zip(codes, labels) if label != unknown]
    return [np.array([code for code, _ in pairs]).reshape(-1, codes.shape[1]), np.array([label for _, label in pairs])]
