# fails: test_equal_steps_on_a_straight_line
# says: steps − 1
def interpolate(z_start, z_end, steps):
    share = np.sin(np.linspace(0, np.pi / 2, steps))[:, None] ** 2
    return z_start + share * (z_end - z_start)
