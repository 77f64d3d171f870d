def log_marginal(decoder, images, half_width=5.0, points=201):
    axis = np.linspace(-half_width, half_width, points)
    spacing = axis[1] - axis[0]
    z = np.array([(a, b) for a in axis for b in axis], dtype="float32")
    log_prior = -np.log(2 * np.pi) - 0.5 * (z**2).sum(axis=1)
    log_p = log_likelihood(images, decoder.predict(z, verbose=0, batch_size=1024))
    return logsumexp(log_p + log_prior + np.log(spacing**2), axis=1)
