# fails: test_against_brute_force
# says: farthest
def neighbor_purity(codes, labels, k=10):
    distances = np.linalg.norm(codes[:, None] - codes[None], axis=-1)
    return (labels[distances.argsort(axis=1)[:, -k:]] == labels[:, None]).mean(axis=1)
