from collections import Counter


def label_unknown(codes, labels, unknown=11, k=15):
    known = [i for i in range(len(labels)) if labels[i] != unknown]
    result = []
    for code, label in zip(codes, labels):
        if label == unknown:
            nearest = sorted(known, key=lambda i: np.sum((codes[i] - code) ** 2))[:k]
            label = Counter(int(labels[i]) for i in nearest).most_common(1)[0][0]
        result.append(int(label))
    return result
