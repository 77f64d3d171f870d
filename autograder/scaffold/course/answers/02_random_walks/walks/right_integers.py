def random_walks(rng, walkers, steps):
    return (2 * rng.integers(0, 2, size=(walkers, steps)) - 1).cumsum(axis=1)
