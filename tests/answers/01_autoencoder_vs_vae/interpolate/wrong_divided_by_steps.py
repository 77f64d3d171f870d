# fails: test_both_ends_are_included
# says: steps - 1
def interpolate(z_start, z_end, steps):
    return np.array([z_start + k / steps * (z_end - z_start) for k in range(steps)])
