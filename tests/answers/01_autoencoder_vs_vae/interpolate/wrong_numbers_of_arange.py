# fails: test_other_interpolations
# says: any number of points
def interpolate(z_start, z_end, steps):
    t = np.arange(0, 1, 1 / (steps - 1))
    t = np.append(t, 1.0)[:, None]
    return z_start + t * (z_end - z_start)
