# fails: test_closed_form
# says: Only the number of intervals
def log_marginal(decoder, images, half_width=5.0, points=201):
    z = grid_points(half_width, points)
    decoded = decoder.predict(z, batch_size=4096, verbose=0)
    lj = log_likelihood(images, decoded) + log_normal(z, 0.0, 0.0)
    return logsumexp(lj, axis=1) + np.log(2 * half_width / (points - 1) ** 2)
