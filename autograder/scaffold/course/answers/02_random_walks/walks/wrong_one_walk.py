# fails: test_both_directions_alike
# says: All walkers go the same way
def random_walks(rng, walkers, steps):
    walk = np.cumsum(rng.choice([-1, 1], size=steps))
    return np.tile(walk, (walkers, 1))
