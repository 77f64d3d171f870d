# fails: test_posterior_defaults
# says: log-sum-exp before
def posterior_on_grid(decoder, image, half_width=5.0, points=201):
    z = grid_points(half_width, points)
    log_joint = log_likelihood(image[None], decoder.predict(z, verbose=0))[0] + log_normal(z, 0.0, 0.0)
    return (np.exp(log_joint) / np.exp(log_joint).sum()).reshape(points, points)
