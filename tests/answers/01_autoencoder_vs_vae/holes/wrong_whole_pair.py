# fails: test_five_samples_by_hand
# says: distances, indices
def hole_fraction(codes, samples, radius):
    return np.mean(np.asarray(KDTree(codes).query(samples)) > radius)
