# fails: test_posterior_in_place
# says: prior is missing
def posterior_on_grid(decoder, image, half_width=5.0, points=201):
    z = grid_points(half_width, points)
    log_joint = log_likelihood(image[None], decoder.predict(z, verbose=0))[0] 
    return np.exp(log_joint - logsumexp(log_joint)).reshape(points, points)
