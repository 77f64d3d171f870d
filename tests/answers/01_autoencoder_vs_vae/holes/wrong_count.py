# fails: test_five_samples_by_hand
# says: how many
def hole_fraction(codes, samples, radius):
    return int(np.sum(KDTree(codes).query(samples)[0] > radius))
