# fails: test_stable_and_once
# says: training=True
# loses: 0.5
def log_marginal(decoder, images, half_width=5.0, points=201):
    z = grid_points(half_width, points)
    reconstructions = np.asarray(decoder(z, training=True))
    log_joint = log_likelihood(images, reconstructions) + log_normal(z, 0.0, 0.0)
    return logsumexp(log_joint, axis=1) + 2 * np.log(2 * half_width / (points - 1))
