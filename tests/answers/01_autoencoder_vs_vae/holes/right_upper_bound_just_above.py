def hole_fraction(codes, samples, radius):
    limit = np.nextafter(radius, np.inf)
    distances, _ = KDTree(codes).query(samples, distance_upper_bound=limit)
    return float(np.isinf(distances).mean())
