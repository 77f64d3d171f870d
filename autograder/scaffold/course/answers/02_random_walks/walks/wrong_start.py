# fails: test_steps_of_one
# says: not 0
def random_walks(rng, walkers, steps):
    walks = np.cumsum(rng.choice([-1, 1], size=(walkers, steps)), axis=1)
    return np.hstack([np.zeros((walkers, 1), int), walks[:, :-1]])
