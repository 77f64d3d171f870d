# fails: test_against_all_distances
# says: squared
def hole_fraction(codes, samples, radius):
    distances, _ = KDTree(codes).query(samples)
    return np.mean(distances**2 > radius)
