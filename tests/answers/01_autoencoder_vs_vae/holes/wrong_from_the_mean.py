# fails: test_against_all_distances
# says: mean of the codes
def hole_fraction(codes, samples, radius):
    return np.mean(np.linalg.norm(samples - np.mean(codes, axis=0), axis=1) > radius)
