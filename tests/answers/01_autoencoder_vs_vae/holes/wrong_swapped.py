# fails: test_against_all_distances
# says: swapped
def hole_fraction(codes, samples, radius):
    distances, _ = KDTree(samples).query(codes)
    return np.mean(distances > radius)
