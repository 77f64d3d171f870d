def log_marginal(decoder, images, half_width=5.0, points=201):
    z = grid_points(half_width, points)
    reconstructions = decoder.predict(x=z, batch_size=4096, verbose=0)
    log_joint = log_likelihood(images, reconstructions) + log_normal(z, 0.0, 0.0)
    return logsumexp(log_joint, axis=1, b=(2 * half_width / (points - 1)) ** 2)
