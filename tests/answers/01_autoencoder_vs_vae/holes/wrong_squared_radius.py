# fails: test_against_all_distances
# says: squared radius
def hole_fraction(codes, samples, radius):
    d, _ = KDTree(codes).query(samples)
    return np.mean(d > radius**2)
