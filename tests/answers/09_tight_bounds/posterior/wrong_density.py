# fails: test_sums_to_one
# says: This is a density
def posterior_on_grid(decoder, image, half_width=5.0, points=201):
    z = grid_points(half_width, points)
    log_joint = log_likelihood(image[None], decoder.predict(z, verbose=0))[0] + log_normal(z, 0.0, 0.0)
    return np.exp(log_joint - logsumexp(log_joint)).reshape(points, points) / (2 * half_width / (points - 1)) ** 2
