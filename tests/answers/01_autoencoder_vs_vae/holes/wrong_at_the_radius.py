# fails: test_exactly_the_radius_counts_as_near
# says: `>` and not `>=`
# loses: 0.5
def hole_fraction(codes, samples, radius):
    distances, _ = KDTree(codes).query(samples)
    return np.mean(distances >= radius)
