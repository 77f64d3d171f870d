def hole_fraction(codes, samples, radius):
    from scipy.spatial import cKDTree

    nearest = cKDTree(np.asarray(codes)).query(np.asarray(samples), k=1)[0]
    return np.count_nonzero(nearest > radius) / len(nearest)
