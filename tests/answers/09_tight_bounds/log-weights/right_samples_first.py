def log_importance_weights(encoder, decoder, images, k, seed):
    z_mean, z_log_var = (np.array(part) for part in encoder(images))
    n, d = z_mean.shape
    z = z_mean + np.exp(0.5 * z_log_var) * np.random.default_rng(seed).normal(size=(k, n, d))
    decoded = decoder(z.reshape(k * n, d).astype("float32"))
    loss = np.array(reconstruction_loss(np.tile(images, (k, 1, 1, 1)), np.array(decoded)))
    log_weights = -loss.reshape(k, n) + log_normal(z, 0.0, 0.0) - log_normal(z, z_mean, z_log_var)
    return log_weights.T
