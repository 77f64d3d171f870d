def anomaly_scores(encoder, decoder, images, draws=8, seed=0):
    z_mean, z_log_var = encoder.predict(images, verbose=0)
    n, d = z_mean.shape
    noise = keras.random.normal((draws, n, d), seed=seed)
    z = ops.convert_to_numpy(reparameterize(z_mean, z_log_var, noise)).reshape(-1, d)
    decoded = decoder.predict(z, batch_size=256, verbose=0)
    losses = reconstruction_loss(np.tile(images, (draws, 1, 1, 1)), decoded)
    return ops.mean(ops.reshape(losses, (draws, n)), axis=0) + kl_divergence(z_mean, z_log_var)
