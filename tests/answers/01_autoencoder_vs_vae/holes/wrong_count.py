# fails: test_five_samples_by_hand
# says: number of samples in a hole
def hole_fraction(codes, samples, radius):
    return int(np.sum(KDTree(codes).query(samples)[0] > radius))
