def random_walks(rng, walkers, steps):
    positions = np.zeros((walkers, steps))
    now = np.zeros(walkers)
    for t in range(steps):
        now = now + np.where(rng.random(walkers) < 0.5, 1, -1)
        positions[:, t] = now
    return positions
