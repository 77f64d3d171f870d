# fails: test_a_point_in_each_row
# says: numbers each
def interpolate(z_start, z_end, steps):
    return np.stack(
        [np.linspace(z_start[0], z_end[0], steps), np.linspace(z_start[1], z_end[1], steps)], axis=1
    )
