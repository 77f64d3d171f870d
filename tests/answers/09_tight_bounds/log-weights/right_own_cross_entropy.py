def log_importance_weights(encoder, decoder, images, k, seed):
    z_mean, z_log_var = encoder.predict(images, verbose=0)
    n, d = z_mean.shape
    epsilon = np.random.default_rng(seed).standard_normal((n, k, d))
    z = z_mean[:, None, :] + np.exp(z_log_var / 2)[:, None, :] * epsilon
    r = decoder.predict(z.reshape(-1, d), verbose=0).reshape(n, k, -1)
    r = np.clip(r, 1e-7, 1 - 1e-7)
    x = images.reshape(n, 1, -1)
    log_likelihood = (x * np.log(r) + (1 - x) * np.log(1 - r)).sum(axis=-1)
    log_prior = -0.5 * (z**2 + np.log(2 * np.pi)).sum(axis=-1)
    log_q = -0.5 * (epsilon**2 + np.log(2 * np.pi) + z_log_var[:, None]).sum(axis=-1)
    return log_likelihood + log_prior - log_q
