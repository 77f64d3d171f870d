# fails: test_codes_of_any_length
# says: any length
def hole_fraction(codes, samples, radius):
    distances, _ = KDTree(codes[:, :2]).query(samples[:, :2])
    return np.mean(distances > radius)
