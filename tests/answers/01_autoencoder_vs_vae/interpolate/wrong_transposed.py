# fails: test_a_point_in_each_row
# says: transposed
def interpolate(z_start, z_end, steps):
    return np.linspace(z_start, z_end, steps, axis=1)
