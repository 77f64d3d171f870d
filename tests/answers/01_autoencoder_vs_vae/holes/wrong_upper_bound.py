# fails: test_exactly_the_radius_counts_as_near
# says: distance_upper_bound
# loses: 0.5
def hole_fraction(codes, samples, radius):
    distances, _ = KDTree(codes).query(samples, distance_upper_bound=radius)
    return float(np.isinf(distances).mean())
