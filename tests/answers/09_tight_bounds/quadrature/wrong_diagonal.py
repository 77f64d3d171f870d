# fails: test_against_a_fine_grid
# says: diagonal
def log_marginal(decoder, images, half_width=5.0, points=201):
    z = np.stack([np.linspace(-half_width, half_width, points)] * 2, axis=1).astype("float32")
    log_joint = log_likelihood(images, decoder.predict(z, verbose=0)) + log_normal(z, 0.0, 0.0)
    return logsumexp(log_joint, axis=1) + 2 * np.log(2 * half_width / (points - 1))
