def neighbor_purity(codes, labels, k=10):
    distances = np.linalg.norm(codes[:, None] - codes[None], axis=-1)
    np.fill_diagonal(distances, np.inf)
    nearest = np.argsort(distances, axis=1)[:, :k]
    return (labels[nearest] == labels[:, None]).sum(axis=1) / k
