# fails: test_both_ends_are_included
# says: All points are the same
def interpolate(z_start, z_end, steps):
    z = np.array(z_start, dtype=float)
    step = (np.asarray(z_end) - z) / (steps - 1)
    points = [z]
    for _ in range(steps - 1):
        z += step
        points.append(z)
    return np.vstack(points)
