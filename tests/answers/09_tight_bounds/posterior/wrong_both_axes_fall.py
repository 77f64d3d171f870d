# fails: test_posterior_in_place
# says: both should rise
def posterior_on_grid(decoder, image, half_width=5.0, points=201):
    z = grid_points(half_width, points)
    decoded = decoder.predict(z, batch_size=4096, verbose=0)
    lj = log_likelihood(image[None], decoded)[0] + log_normal(z, 0.0, 0.0)
    return np.exp(lj - logsumexp(lj)).reshape(points, points)[::-1, ::-1]
