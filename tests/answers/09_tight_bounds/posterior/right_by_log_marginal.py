def posterior_on_grid(decoder, image, half_width=5.0, points=201):
    z = grid_points(half_width, points)
    delta = 2 * half_width / (points - 1)
    decoded = decoder.predict(z, batch_size=4096, verbose=0)
    lj = log_likelihood(image[None], decoded)[0] + log_normal(z, 0.0, 0.0)
    return np.exp(lj + 2 * np.log(delta) - log_marginal(decoder, image[None], half_width, points)[0]).reshape(points, points)
