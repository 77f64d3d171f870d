# fails: test_fifty_thousand_codes
# says: however long it takes
def hole_fraction(codes, samples, radius):
    distances = np.linalg.norm(samples[:, None] - codes[None, :500], axis=2)
    return np.mean(distances.min(axis=1) > radius)
