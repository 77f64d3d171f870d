# fails: test_sums_to_one
# says: *together*
def posterior_on_grid(decoder, image, half_width=5.0, points=201):
    z = grid_points(half_width, points)
    log_joint = log_likelihood(image[None], decoder.predict(z, verbose=0))[0] + log_normal(z, 0.0, 0.0)
    table = log_joint.reshape(points, points)
    return np.exp(table - logsumexp(table, axis=1, keepdims=True))
