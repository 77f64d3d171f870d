# fails: test_the_seed_decides
# says: training=True
# loses: 0.5
def log_importance_weights(encoder, decoder, images, k, seed):
    z_mean, z_log_var = encoder.predict(images, verbose=0)
    n, d = z_mean.shape
    m, s = z_mean[:, None], z_log_var[:, None]
    epsilon = np.random.default_rng(seed).standard_normal((n, k, d), dtype="float32")
    z = m + np.exp(s / 2) * epsilon
    x = decoder(z.reshape(n * k, d), training=True)
    log_likelihood = -np.asarray(reconstruction_loss(np.repeat(images, k, axis=0), x)).reshape(n, k)
    return log_likelihood + log_normal(z, 0.0, 0.0) - log_normal(z, m, s)
