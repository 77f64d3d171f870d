# fails: test_stable_and_once
# says: once for all images
def log_marginal(decoder, images, half_width=5.0, points=201):
    z = grid_points(half_width, points)
    found = []
    for image in images:
        log_joint = log_likelihood(image[None], np.asarray(decoder(z)))[0] + log_normal(z, 0.0, 0.0)
        found.append(logsumexp(log_joint) + 2 * np.log(2 * half_width / (points - 1)))
    return np.array(found)
