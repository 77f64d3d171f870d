# fails: test_five_samples_by_hand
# says: each sample
def hole_fraction(codes, samples, radius):
    return KDTree(codes).query(samples)[0] > radius
