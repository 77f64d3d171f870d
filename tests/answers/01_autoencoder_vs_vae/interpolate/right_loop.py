def interpolate(z_start, z_end, steps):
    points = []
    for k in range(steps):
        t = k / (steps - 1)
        points.append(np.asarray(z_start) + t * (np.asarray(z_end) - np.asarray(z_start)))
    return np.stack(points)
