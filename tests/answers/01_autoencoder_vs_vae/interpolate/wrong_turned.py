# fails: test_both_ends_are_included
# says: wrong way
def interpolate(z_start, z_end, steps):
    return np.linspace(z_end, z_start, steps)
