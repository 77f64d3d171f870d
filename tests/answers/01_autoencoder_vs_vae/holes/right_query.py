def hole_fraction(codes, samples, radius):
    return (KDTree(codes).query(samples)[0] > radius).mean()
