# fails: test_the_grid_that_is_asked_for
# says: trapezoidal rule
def log_marginal(decoder, images, half_width=5.0, points=201):
    z = grid_points(half_width, points)
    reconstructions = decoder.predict(z, batch_size=4096, verbose=0)
    log_joint = log_likelihood(images, reconstructions) + log_normal(z, 0.0, 0.0)
    shift = log_joint.max(axis=1, keepdims=True)
    terms = np.exp(log_joint - shift).reshape(-1, points, points)
    spacing = 2 * half_width / (points - 1)
    return np.log(np.trapezoid(np.trapezoid(terms, dx=spacing), dx=spacing)) + shift[:, 0]
