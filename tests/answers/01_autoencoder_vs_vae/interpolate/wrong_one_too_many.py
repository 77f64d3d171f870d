# fails: test_a_point_in_each_row
# says: one point too many
# loses: 2
def interpolate(z_start, z_end, steps):
    return np.linspace(z_start, z_end, steps + 1)
