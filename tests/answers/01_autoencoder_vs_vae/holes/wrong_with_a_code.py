# fails: test_five_samples_by_hand
# says: with* a code
def hole_fraction(codes, samples, radius):
    distances, _ = KDTree(codes).query(samples)
    return np.mean(distances <= radius)
