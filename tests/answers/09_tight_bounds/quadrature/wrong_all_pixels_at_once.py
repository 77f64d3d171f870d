# fails: test_memory
# says: images × points × pixels
def log_marginal(decoder, images, half_width=5.0, points=201):
    z = grid_points(half_width, points)
    r = np.clip(decoder.predict(z, verbose=0), 1e-7, 1 - 1e-7).reshape(1, len(z), -1)
    x = images.reshape(len(images), 1, -1)
    log_p = (x * np.log(r) + (1 - x) * np.log(1 - r)).sum(axis=2)
    return logsumexp(log_p + log_normal(z, 0.0, 0.0), axis=1) + 2 * np.log(2 * half_width / (points - 1))
