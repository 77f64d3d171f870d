def log_marginal(decoder, images, half_width=5.0, points=201):
    grid = grid_points(half_width, points)
    parts = []
    for start in range(0, len(grid), 5000):
        z = grid[start : start + 5000]
        r = ops.convert_to_numpy(decoder(z))
        parts.append(logsumexp(log_likelihood(images, r) + log_normal(z, 0.0, 0.0), axis=1))
    return logsumexp(parts, axis=0) + 2 * np.log(2 * half_width / (points - 1))
