# fails: test_other_interpolations
# says: in place
def interpolate(z_start, z_end, steps):
    step = (z_end - z_start) / (steps - 1)
    points = []
    for _ in range(steps):
        points.append(z_start.copy())
        z_start += step
    return np.array(points)
