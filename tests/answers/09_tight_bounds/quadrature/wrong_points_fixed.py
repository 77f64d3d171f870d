# fails: test_against_a_fine_grid
# says: use the argument `points`
def log_marginal(decoder, images, half_width=5.0, points=201):
    z = grid_points(half_width, 51)
    log_joint = log_likelihood(images, decoder.predict(z, verbose=0)) + log_normal(z, 0.0, 0.0)
    return logsumexp(log_joint, axis=1) + 2 * np.log(2 * half_width / 50)
