# fails: test_five_samples_by_hand
# says: percentage
def hole_fraction(codes, samples, radius):
    return 100 * np.mean(KDTree(codes).query(samples)[0] > radius)
