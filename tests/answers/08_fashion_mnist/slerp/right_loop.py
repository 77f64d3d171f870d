def slerp(z_start, z_end, steps):
    lengths = np.linalg.norm(z_start), np.linalg.norm(z_end)
    start, end = z_start / lengths[0], z_end / lengths[1]
    angle = np.arccos(np.clip(np.dot(start, end), -1.0, 1.0))
    path = []
    for i in range(steps):
        t = i / (steps - 1)
        if angle < 1e-3:
            path.append((1 - t) * z_start + t * z_end)
        else:
            direction = (np.sin((1 - t) * angle) * start + np.sin(t * angle) * end) / np.sin(angle)
            path.append(direction * ((1 - t) * lengths[0] + t * lengths[1]))
    return np.array(path)
