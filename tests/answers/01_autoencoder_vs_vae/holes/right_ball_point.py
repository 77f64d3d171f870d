def hole_fraction(codes, samples, radius):
    return np.mean(KDTree(codes).query_ball_point(samples, radius, return_length=True) == 0)
