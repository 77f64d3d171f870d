# fails: test_five_samples_by_hand
# says: These are the indices
def hole_fraction(codes, samples, radius):
    indices, distances = KDTree(codes).query(samples)
    return np.mean(distances > radius)
