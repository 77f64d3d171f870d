# fails: test_fifty_thousand_codes
# says: all samples at once
def hole_fraction(codes, samples, radius):
    return np.mean([KDTree(codes).query(sample)[0] > radius for sample in samples])
