def anomaly_scores(encoder, decoder, images, draws=8, seed=0):
    z_mean, z_log_var = encoder.predict(images, batch_size=256, verbose=0)
    sample = Sampling(seed=seed)
    elbo = 0.0
    for _ in range(draws):
        decoded = decoder.predict(np.asarray(sample([z_mean, z_log_var])), verbose=0)
        elbo = elbo - reconstruction_loss(images, decoded) - kl_divergence(z_mean, z_log_var)
    return -np.asarray(elbo) / draws
