# fails: test_fifty_thousand_codes
# says: KDTree
def hole_fraction(codes, samples, radius):
    holes = 0
    for sample in samples:
        near = False
        for code in codes:
            if np.linalg.norm(sample - code) <= radius:
                near = True
        holes += not near
    return holes / len(samples)
