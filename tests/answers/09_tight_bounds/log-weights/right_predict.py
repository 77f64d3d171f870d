def log_importance_weights(encoder, decoder, images, k, seed):
    rng = np.random.default_rng(seed)
    z_mean, z_log_var = encoder.predict(images, verbose=0)
    n, d = z_mean.shape
    mean, log_var = z_mean[:, None], z_log_var[:, None]
    epsilon = rng.standard_normal((n, k, d)).astype("float32")
    z = mean + np.exp(log_var / 2) * epsilon
    reconstructions = decoder.predict(z.reshape(n * k, d), verbose=0)
    loss = reconstruction_loss(np.repeat(images, k, axis=0), reconstructions)
    log_x = -ops.convert_to_numpy(loss).reshape(n, k)
    return log_x + log_normal(z, 0.0, 0.0) - log_normal(z, mean, log_var)
