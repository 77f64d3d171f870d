def log_importance_weights(encoder, decoder, images, k, seed):
    z_mean, z_log_var = encoder.predict(images, verbose=0)
    n, d = z_mean.shape
    eps = keras.random.normal((n, k, d), seed=seed)
    z = ops.convert_to_numpy(z_mean[:, None] + np.exp(z_log_var / 2)[:, None] * ops.convert_to_numpy(eps))
    dec = decoder.predict(z.reshape(-1, d), verbose=0, batch_size=n * k)
    log_lik = log_likelihood_rows(images, dec, k)
    log_q = log_normal(ops.convert_to_numpy(eps), 0.0, 0.0) - 0.5 * z_log_var.sum(axis=1)[:, None]
    return log_lik + log_normal(z, 0.0, 0.0) - log_q
def log_likelihood_rows(images, decoded, k):
    return -np.asarray(reconstruction_loss(np.repeat(images, k, axis=0), decoded)).reshape(len(images), k)
