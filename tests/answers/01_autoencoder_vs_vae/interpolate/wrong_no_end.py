# fails: test_both_ends_are_included
# says: steps - 1
# loses: 3
def interpolate(z_start, z_end, steps):
    return np.linspace(z_start, z_end, steps, endpoint=False)
