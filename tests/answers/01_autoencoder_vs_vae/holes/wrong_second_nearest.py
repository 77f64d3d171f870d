# fails: test_against_all_distances
# says: second nearest
def hole_fraction(codes, samples, radius):
    return np.mean(KDTree(codes).query(samples, k=2)[0][:, 1] > radius)
