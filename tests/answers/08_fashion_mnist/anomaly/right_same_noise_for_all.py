def anomaly_scores(encoder, decoder, images, draws=8, seed=0):
    z_mean, z_log_var = encoder(images)
    noise = keras.random.normal((draws, 1, z_mean.shape[1]), seed=seed)
    samples = [z_mean + ops.exp(0.5 * z_log_var) * epsilon for epsilon in noise]
    losses = [reconstruction_loss(images, decoder(z)) for z in samples]
    return list(np.mean(losses, axis=0) + np.asarray(kl_divergence(z_mean, z_log_var)))
