# fails: test_against_all_distances
# says: differences along the axes
def hole_fraction(codes, samples, radius):
    return np.mean(KDTree(codes).query(samples, p=1)[0] > radius)
