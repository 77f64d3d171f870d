# fails: test_against_all_distances
# says: changed places
def hole_fraction(codes, samples, radius):
    distances, _ = KDTree(samples).query(codes)
    return np.mean(distances > radius)
