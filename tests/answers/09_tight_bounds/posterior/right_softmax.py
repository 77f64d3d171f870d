from scipy.special import softmax


def posterior_on_grid(decoder, image, half_width=5.0, points=201):
    z = grid_points(half_width, points)
    log_p = log_likelihood(image[np.newaxis], np.array(decoder(z)))
    return softmax(log_p.ravel() - 0.5 * (z**2).sum(axis=1)).reshape(points, points)
