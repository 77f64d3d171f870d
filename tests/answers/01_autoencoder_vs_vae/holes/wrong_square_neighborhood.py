# fails: test_against_all_distances
# says: in a square
def hole_fraction(codes, samples, radius):
    return np.mean(KDTree(codes).query(samples, p=np.inf)[0] > radius)
