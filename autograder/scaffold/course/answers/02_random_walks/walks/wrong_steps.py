# fails: test_steps_of_one
# says: the position is their sum so far
def random_walks(rng, walkers, steps):
    return rng.choice([-1, 1], size=(walkers, steps))
