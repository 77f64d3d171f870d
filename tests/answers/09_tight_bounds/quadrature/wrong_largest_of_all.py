# fails: test_stable_and_once
# says: its own largest
# loses: 0.5
def log_marginal(decoder, images, half_width=5.0, points=201):
    z = grid_points(half_width, points)
    reconstructions = decoder.predict(z, batch_size=4096, verbose=0)
    log_joint = log_likelihood(images, reconstructions) + log_normal(z, 0.0, 0.0)
    shift = log_joint.max()
    total = np.log(np.exp(log_joint - shift).sum(axis=1)) + shift
    return total + 2 * np.log(2 * half_width / (points - 1))
