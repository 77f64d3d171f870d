# fails: test_equal_steps_on_a_straight_line
# says: share of z_end
def interpolate(z_start, z_end, steps):
    return z_start + np.linspace(0, 1, steps)[:, None] * z_end
