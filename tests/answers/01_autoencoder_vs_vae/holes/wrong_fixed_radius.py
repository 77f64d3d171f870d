# fails: test_against_all_distances
# says: not the share of samples
def hole_fraction(codes, samples, radius):
    return np.mean(KDTree(codes).query(samples)[0] > 0.5)
