def hole_fraction(codes, samples, radius):
    distances, _ = KDTree(codes).query(samples, distance_upper_bound=radius)
    return float(np.isinf(distances).mean())
