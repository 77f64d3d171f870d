# fails: test_a_point_in_each_row
# says: they are missing
# loses: 3
def interpolate(z_start, z_end, steps):
    return np.linspace(z_start, z_end, steps)[1:-1]
