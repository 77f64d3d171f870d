# fails: test_five_samples_by_hand
# says: tuple
def hole_fraction(codes, samples, radius):
    return np.mean(KDTree(codes).query(samples) > radius)
