# fails: test_against_all_distances
# says: pairs
def hole_fraction(codes, samples, radius):
    return np.mean(np.linalg.norm(samples[:, None] - codes[None], axis=2) > radius)
